import type { DeviationCode } from '#libs/domain';

/** Swedish names of the deviations (domain.md 6.2). */
export const DEVIATION_NAMES: Readonly<Record<DeviationCode, string>> = {
  'INS-01': 'Inskrivningsmeddelande saknas',
  'INS-02': 'INS saknas men senare meddelande finns',
  'INS-03': 'INS för sent (vid inskrivning)',
  'INS-04': 'INS för sent (senare bedömning)',
  'INS-05': 'INS ofullständigt',
  'UTS-01': 'Utskrivningsinformation saknas',
  'UTS-02': 'Utskrivningsinformation sen',
  'BUT-01': 'Ändrad utskrivningstid ej meddelad',
  'TEK-01': 'Ej levererat',
  'TEK-03': 'Okänd mottagaradress',
};

/** The rule behind each deviation (domain.md 6.2, basis; 12.1), for `deviation-rule`. */
export const DEVIATION_RULES: Readonly<Record<DeviationCode, string>> = {
  'INS-01': 'LUS 2:1, 2:3',
  'INS-02': 'LUS 2:1; DEC-07',
  'INS-03': 'LUS 2:3; DEC-04',
  'INS-04': 'LUS 2:3; DEC-04',
  'INS-05': 'LUS 2:2; domain.md 12.4',
  'UTS-01': 'LUS 3:2; DEC-03',
  'UTS-02': 'LUS 3:2; DEC-04',
  'BUT-01': 'LUS 2:4',
  'TEK-01': 'DEC-05',
  'TEK-03': 'DEC-05',
};
