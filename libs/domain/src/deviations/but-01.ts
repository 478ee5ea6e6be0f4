import { dischargeOf } from '../stay/stay.ts';
import { daysBetween } from '../time/local-time.ts';
import {
  closedWithDischarge,
  deviationOf,
  isConcern,
  NOTHING,
  parametersAt,
  type DeviationDefinition,
} from './definition.ts';
import { inscriptionOf } from './inscription.ts';

/**
 * Discharged on another day than this ward last told, and no word of it before (LUS 2:4; LAW-27). What the ward of the stay
 * before told is no evidence against this one.
 */
export const BUT_01: DeviationDefinition = {
  code: 'BUT-01',
  rows: [
    {
      code: 'BUT-01',
      from: '2018-01-01',
      name: 'Ändrad utskrivningstid ej meddelad',
      severity: 3,
      statute: 'LUS 2:4',
      version: 'regler 2018-01-01',
      source: 'rules 6.2; LAW-27',
    },
  ],
  party: 'ward',
  judge: (history, circumstances) => {
    const { stay, ward, kept } = history;
    const discharge = dischargeOf(stay);
    if (!discharge || !isConcern(history)) return NOTHING;
    if (discharge.leaving !== 'home' && discharge.leaving !== 'against-advice') return NOTHING;
    const told = ward.discharge(discharge.statedBy);
    const last = told && ward.expectedBefore(told);
    // Where no INS had gone out before the discharge, no time had been told.
    if (!last || (kept.length === 0 && inscriptionOf(history, circumstances).kind === 'after-the-fact')) return NOTHING;
    if (kept.length === 0 && !ward.firstIns(stay)) return NOTHING;
    const { unannouncedShiftDays } = parametersAt(discharge.at.start, circumstances);
    if (Math.abs(daysBetween(last.start, discharge.at.start)) <= unannouncedShiftDays) return NOTHING;
    const deviation = deviationOf(BUT_01, history, discharge.at.start, {
      occasion: String(discharge.n),
      due: told.sent,
      evidence: [last.statedBy, discharge.statedBy],
    });
    return { deviations: [deviation], timers: [] };
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};
