import { dischargeOf, isReal } from '../stay/stay.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  leftForHome,
  NOTHING,
  oncePassed,
  parametersAt,
  type DeviationDefinition,
} from './definition.ts';

/**
 * Discharged, and the ward never stated a need nor that there is none (LUS 2:1; DEC-09). It is for patterns only: the ward that
 * never states a need must not look like the best one. What is stated until the stay closes still counts (DEC-17).
 */
export const INS_11: DeviationDefinition = {
  code: 'INS-11',
  rows: firstRow('INS-11', 'Behovsbedömning ej registrerad', 1, 'LUS 2:1', 'rules 12.1: DEC-09'),
  party: 'ward',
  forPatternsOnly: true,
  judge: (history, circumstances) => {
    const { stay, kept } = history;
    const discharge = dischargeOf(stay);
    if (!discharge || !leftForHome(discharge) || stay.closesAt === undefined) return NOTHING;
    if (!isReal(stay) || stay.need || kept.length > 0) return NOTHING;
    const { suspected } = circumstances;
    const details = { due: stay.closesAt, evidence: [discharge.statedBy], suspected };
    return oncePassed(stay.closesAt, circumstances, parametersAt(discharge.at.start, circumstances), () =>
      deviationOf(INS_11, history, discharge.at.start, details),
    );
  },
  closing: (_closed, { stay }) => (stay.need ? 'completed' : closedWithDischarge(stay)),
};
