import {
  closedWithDischarge,
  deviationOf,
  oncePassed,
  together,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { informationOf } from './information.ts';

/**
 * Discharged, and a unit with an INS has neither information of its scope by the end of the day nor a lawful withholding (LUS
 * 3:2; DEC-03, DEC-06), once per discharge. Milder when nothing but a ground is missing.
 */
export const UTS_01: DeviationDefinition = {
  code: 'UTS-01',
  rows: [
    {
      code: 'UTS-01',
      from: '2018-01-01',
      name: 'Utskrivningsinformation saknas',
      severity: 4,
      statute: 'LUS 3:2',
      version: 'regler 2018-01-01',
      source: 'rules 6.2; DEC-03; DEC-06; DEC-27',
    },
  ],
  party: 'ward',
  warning: 'Informationen vid utskrivning är inte skickad.',
  judge: (history, circumstances) => {
    const judged = informationOf(history, circumstances).map(({ discharge, due, parameters, units }): Judgement => {
      const missing = units.filter(({ told }) => told === 'missing' || told === 'ground-not-stated');
      if (missing.length === 0) return { deviations: [], timers: [] };
      const onlyGround = missing.every(({ told }) => told === 'ground-not-stated');
      const begins = discharge.at.start;
      const details = {
        ...{ occasion: String(discharge.n), due, evidence: [discharge.statedBy], suspected: circumstances.suspected },
        units: missing.map(({ party }) => party),
        ...(onlyGround && { severity: 2 as const, reason: 'ground-not-stated' as const }),
      };
      const make = () => deviationOf(UTS_01, history, begins, details);
      // Where only a ground is missing, the Task for it warns already (DEC-06).
      return oncePassed(due, circumstances, parameters, make, onlyGround ? undefined : { begins });
    });
    return together(judged);
  },
  closing: ({ occasion }, { stay }, open) =>
    open.some((one) => one.code === 'UTS-02' && one.occasion === occasion) ? 'came-late' : closedWithDischarge(stay),
};
