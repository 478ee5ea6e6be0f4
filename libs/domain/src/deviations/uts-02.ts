import { closedWithDischarge, deviationOf, type DeviationDefinition } from './definition.ts';
import { informationOf } from './information.ts';

/** The information came after the day of the discharge (LUS 3:2; DEC-04), once per discharge. */
export const UTS_02: DeviationDefinition = {
  code: 'UTS-02',
  rows: [
    {
      code: 'UTS-02',
      from: '2018-01-01',
      name: 'Utskrivningsinformation sen',
      severity: 3,
      statute: 'LUS 3:2',
      version: 'regler 2018-01-01',
      source: 'rules 6.2; DEC-04',
    },
  ],
  party: 'ward',
  judge: (history, circumstances) => ({
    deviations: informationOf(history, circumstances).flatMap(({ discharge, due, units }) => {
      if (units.some(({ told }) => told === 'missing' || told === 'ground-not-stated')) return [];
      const late = units.filter(({ told }) => told === 'late');
      if (late.length === 0) return [];
      const details = { occasion: String(discharge.n), due, evidence: [discharge.statedBy] };
      const parties = late.map(({ party }) => party);
      return [deviationOf(UTS_02, history, discharge.at.start, { ...details, units: parties })];
    }),
    timers: [],
  }),
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};
