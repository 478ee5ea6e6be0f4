import { NOTHING, type DeviationDefinition } from './definition.ts';
import { inscriptionOf, isAssessedLater, lateInscription } from './inscription.ts';

/** The INS came later than 24 hours after the admission, and the need was assessed by then (LUS 2:3; DEC-04), per clock (DEC-27). */
export const INS_03: DeviationDefinition = {
  code: 'INS-03',
  rows: [
    {
      code: 'INS-03',
      from: '2018-01-01',
      name: 'Inskrivningsmeddelande för sent (vid inskrivning)',
      severity: 3,
      statute: 'LUS 2:3',
      version: 'regler 2018-01-01',
      source: 'rules 6.2; DEC-04; DEC-27',
    },
  ],
  party: 'ward',
  judge: (history, circumstances) => {
    const inscription = inscriptionOf(history, circumstances);
    if (inscription.kind !== 'clocks') return NOTHING;
    const late = inscription.clocks.filter(({ late, clock }) => late && !isAssessedLater(history, clock));
    return { deviations: late.flatMap((one) => lateInscription(INS_03, history, one)), timers: [] };
  },
  closing: () => 'disproved',
};
