import { NOTHING, type DeviationDefinition } from './definition.ts';
import { inscriptionOf, isAssessedLater, lateInscription } from './inscription.ts';

/** The INS came later than 24 hours after a need that was assessed during the stay (LUS 2:3; DEC-04), per clock (DEC-27). */
export const INS_04: DeviationDefinition = {
  code: 'INS-04',
  rows: [
    {
      code: 'INS-04',
      from: '2018-01-01',
      name: 'Inskrivningsmeddelande för sent (senare bedömning)',
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
    const late = inscription.clocks.filter(({ late, clock }) => late && isAssessedLater(history, clock));
    return { deviations: late.flatMap((one) => lateInscription(INS_04, history, one)), timers: [] };
  },
  closing: () => 'disproved',
};
