import type { History } from '../acts/history.ts';
import { type ExpectedChange, type ExpectedSaid, isBefore, type Step } from '../acts/ward-record.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import { dischargeOf } from '../stay/stay.ts';
import { daysBetween, type Instant, type StatedTime } from '../time/time.ts';
import { movedByOutages } from '../rules/judged-time.ts';
import { longestLead } from '../rules/parameters.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  found,
  isConcern,
  leftForHome,
  NOTHING,
  oncePassed,
  parametersAt,
  type Circumstances,
  type DeviationDefinition,
} from './definition.ts';
import { firstInsOf, wasInscribedBefore } from './inscription.ts';

/*
 * The expected discharge (LUS 2:4): what the ward says of it after its INS, judged by what this ward itself said. What the
 * ward of the stay before told is no evidence against this one.
 *
 *   BUT-01  left on another day than was told last, by more days than a shift may have
 *   BUT-02  a new time was told when too little of it was left
 *   BUT-03  the time has passed, and the ward has said neither a new one nor that the patient is ready
 *   BUT-04  it was changed again and again
 *   UTS-05  left on an earlier day than was told last, without a word before
 */

/** The discharge in force of one who went home, and the time that this ward had told last before it. */
function lastToldBefore(
  history: History,
  circumstances: Circumstances,
):
  | { readonly discharge: Discharge; readonly left: Step; readonly time: StatedTime; readonly statedBy: string }
  | undefined {
  const { stay, ward } = history;
  const discharge = dischargeOf(stay);
  if (!discharge || !isConcern(history) || !leftForHome(discharge)) return undefined;
  const left = ward.discharge(discharge.statedBy);
  const last = left && ward.expectedBefore(left);
  // Where no INS had gone out before the discharge, no time had been told.
  if (!last || !wasInscribedBefore(history, circumstances)) return undefined;
  return { discharge, left, ...last };
}

/** Discharged on another day than this ward last told, and no word of it before (LUS 2:4; LAW-27). */
export const BUT_01: DeviationDefinition = {
  code: 'BUT-01',
  rows: firstRow('BUT-01', 'Ändrad utskrivningstid ej meddelad', 3, 'LUS 2:4', 'rules 6.2; LAW-27'),
  party: 'ward',
  judge: (history, circumstances) => {
    const last = lastToldBefore(history, circumstances);
    if (!last) return NOTHING;
    const { discharge, left, time, statedBy } = last;
    const parameters = parametersAt(discharge.at.start, circumstances);
    if (Math.abs(daysBetween(time.start, discharge.at.start)) <= parameters.unannouncedShiftDays) return NOTHING;
    const details = { occasion: String(discharge.n), due: left.sent, evidence: [statedBy, discharge.statedBy] };
    return oncePassed(left.sent, circumstances, parameters, () =>
      deviationOf(BUT_01, history, discharge.at.start, details),
    );
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

/** Left on an earlier local day than was told last: the recipient was not ready (LUS 2:4). */
export const UTS_05: DeviationDefinition = {
  code: 'UTS-05',
  rows: firstRow('UTS-05', 'Utskriven tidigare än planerat utan kontakt', 3, 'LUS 2:4', 'rules 6.2'),
  party: 'ward',
  judge: (history, circumstances) => {
    const last = lastToldBefore(history, circumstances);
    if (!last || daysBetween(last.time.start, last.discharge.at.start) >= 0) return NOTHING;
    const { discharge, left, statedBy } = last;
    const details = { occasion: String(discharge.n), due: left.sent, evidence: [statedBy, discharge.statedBy] };
    return oncePassed(left.sent, circumstances, parametersAt(discharge.at.start, circumstances), () =>
      deviationOf(UTS_05, history, discharge.at.start, details),
    );
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

/** True of a change that had to be told: after the INS, and while the patient was there. */
function isToldAsChange(history: History): (change: ExpectedChange) => boolean {
  const { stay, ward, kept } = history;
  const ins = firstInsOf(history);
  if (!ins && kept.length === 0) return () => false;
  return ({ step }) => (!ins || isBefore(ins, step)) && !saidAfterLeaving(stay.discharges, ward, step);
}

/** True of a word that was said when the patient had left, and had not been admitted anew. */
function saidAfterLeaving(discharges: readonly Discharge[], ward: History['ward'], step: Step): boolean {
  return discharges.some((discharge, index) => {
    const left = ward.discharge(discharge.statedBy);
    const admittedAnew = discharges[index + 1]?.legStart ?? Infinity;
    return left !== undefined && !isBefore(step, left) && step.event.at < admittedAnew;
  });
}

const PRECISE: ReadonlySet<StatedTime['precision']> = new Set<StatedTime['precision']>(['minute', 'second', 'milli']);

/** The end of what was expected: a day alone lasts to its end (contract 5). */
function expectedEnd(time: StatedTime): Instant {
  return PRECISE.has(time.precision) ? time.start : time.end;
}

/** A new time that was told later than some hours before it (LUS 2:4), once per change. */
export const BUT_02: DeviationDefinition = {
  code: 'BUT-02',
  rows: firstRow('BUT-02', 'Sen uppdatering av beräknad utskrivningstid', 2, 'LUS 2:4', 'rules 6.2 (hours unsure)'),
  party: 'ward',
  judge: (history, circumstances) => {
    if (!isConcern(history)) return NOTHING;
    const latest = history.ward.expectedChanges.at(-1);
    if (!latest) return NOTHING;
    const isTold = isToldAsChange(history);
    const longest = longestLead(parametersAt(latest.step.sent, circumstances));
    const deviations = history.ward.expectedChanges.flatMap((change) => {
      const { step, time } = change;
      // Most are told days before: none of the rows asks for as long, and none is looked up for them.
      if (step.sent <= expectedEnd(time) - longest || !isTold(change)) return [];
      const parameters = parametersAt(step.sent, circumstances);
      const due = expectedEnd(time) - parameters.updateLead;
      if (step.sent <= movedByOutages(due, circumstances.outages, parameters)) return [];
      const { eventId } = step.event;
      return [deviationOf(BUT_02, history, step.sent, { occasion: eventId, due, evidence: [eventId] })];
    });
    return found(deviations);
  },
  closing: () => 'disproved',
};

/** The time passed a day ago (LUS 2:4): no discharge, no readiness, and no other time. */
export const BUT_03: DeviationDefinition = {
  code: 'BUT-03',
  rows: firstRow('BUT-03', 'Beräknad utskrivningstid passerad utan besked', 2, 'LUS 2:4', 'rules 6.2'),
  party: 'ward',
  warning: 'Beräknad utskrivningstid har passerat utan besked.',
  judge: (history, circumstances) => {
    const { stay, ward, kept } = history;
    const last = ward.lastExpected;
    if (!isConcern(history) || stay.state !== 'admitted' || !stay.expectedDischarge || !last?.time) return NOTHING;
    if (!firstInsOf(history) && kept.length === 0) return NOTHING;
    if (typeof stay.ready === 'object' || saidBeforeTheLastDischarge(history, last)) return NOTHING;
    const expected = expectedEnd(stay.expectedDischarge);
    const parameters = parametersAt(expected, circumstances);
    const due = expected + parameters.passedExpectation;
    const { suspected } = circumstances;
    const details = { occasion: '', due, evidence: [last.step.event.eventId], suspected };
    const make = () => deviationOf(BUT_03, history, expected, details);
    return oncePassed(due, circumstances, parameters, make, { begins: expected });
  },
  closing: () => 'came-late',
};

/** One who was admitted anew in the same visit is not expected home by the time of the discharge before. */
function saidBeforeTheLastDischarge({ stay, ward }: History, { step }: ExpectedSaid): boolean {
  const before = stay.discharges.at(-1);
  const left = before && ward.discharge(before.statedBy);
  return left !== undefined && isBefore(step, left);
}

/** The time was changed so often that nobody can plan by it. Once per stay. */
export const BUT_04: DeviationDefinition = {
  code: 'BUT-04',
  rows: firstRow('BUT-04', 'Instabil beräknad utskrivningstid', 1, 'LUS 2:4', 'rules 6.2 (three changes)'),
  party: 'ward',
  judge: (history, circumstances) => {
    if (history.ward.expectedChanges.length === 0 || !isConcern(history)) return NOTHING;
    const isTold = isToldAsChange(history);
    const told: ExpectedChange[] = [];
    const { unstableChanges } = parametersAt(history.stay.admittedAt ?? 0, circumstances);
    for (const change of history.ward.expectedChanges) {
      if (isTold(change)) told.push(change);
      if (told.length === unstableChanges) break;
    }
    const last = told[unstableChanges - 1];
    if (!last) return NOTHING;
    const details = { due: last.step.sent, evidence: told.map(({ step }) => step.event.eventId) };
    return { deviations: [deviationOf(BUT_04, history, last.step.sent, details)], timers: [] };
  },
  closing: () => 'disproved',
};
