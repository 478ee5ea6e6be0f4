import { localDate } from '../time/local-time.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  isConcern,
  leftForHome,
  NOTHING,
  type DeviationDefinition,
} from './definition.ts';
import { wasInscribedBefore } from './inscription.ts';

/** The day of a discharge was told, and turned out to be another (rules 6.2), once per discharge. An hour of the same day is none. */
export const UTS_03: DeviationDefinition = {
  code: 'UTS-03',
  rows: firstRow('UTS-03', 'Fel utskrivningsdatum', 3, 'LUS 3:2', 'rules 6.2; DEC-24'),
  party: 'ward',
  judge: (history, circumstances) => {
    const { stay, ward } = history;
    if (!isConcern(history) || !wasInscribedBefore(history, circumstances)) return NOTHING;
    const deviations = stay.discharges.flatMap((discharge) => {
      const told = ward.dischargedAtFirst(discharge.statedBy);
      const step = ward.discharge(discharge.statedBy);
      if (!told || !step || !leftForHome(discharge)) return [];
      if (localDate(told.start) === localDate(discharge.at.start)) return [];
      const details = { occasion: String(discharge.n), due: step.sent, evidence: [discharge.statedBy] };
      return [deviationOf(UTS_03, history, discharge.at.start, details)];
    });
    return { deviations, timers: [] };
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};
