import { deviationOf, oncePassed, together, type DeviationDefinition, type Judgement } from './definition.ts';
import { inscriptionOf, unitsOf } from './inscription.ts';

/** Need assessed, and no INS within 24 hours (LUS 2:1, 2:3), per clock (DEC-27). */
export const INS_01: DeviationDefinition = {
  code: 'INS-01',
  rows: [
    {
      code: 'INS-01',
      from: '2018-01-01',
      name: 'Inskrivningsmeddelande saknas',
      severity: 4,
      statute: 'LUS 2:1, 2:3',
      version: 'regler 2018-01-01',
      source: 'rules 6.2; DEC-27',
    },
  ],
  party: 'ward',
  warning: 'Inskrivningsmeddelandet är inte skickat.',
  judge: (history, circumstances) => {
    const inscription = inscriptionOf(history, circumstances);
    if (inscription.kind !== 'clocks') return { deviations: [], timers: [] };
    const missing = inscription.clocks.filter(({ sent }) => !sent);
    const judged = missing.map(({ clock, missing: needs }): Judgement => {
      const { due, occasion, parameters } = clock;
      const units = unitsOf(history, needs);
      const begins = due - parameters.insDeadline;
      const details = {
        ...{ due, occasion, evidence: [clock.needs[0].statedBy], suspected: circumstances.suspected },
        ...(units.length > 0 && { units }),
      };
      const make = () => deviationOf(INS_01, history, begins, details);
      return oncePassed(due, circumstances, parameters, make, { begins });
    });
    return together(judged);
  },
  closing: (_closed, _history, open) =>
    open.some(({ code }) => code === 'INS-02' || code === 'INS-03' || code === 'INS-04') ? 'came-late' : 'disproved',
};
