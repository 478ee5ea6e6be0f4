import type { History } from '../acts/history.ts';
import type { StayEvent } from '../events/stay-event.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  isConcern,
  NOTHING,
  parametersAt,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import type { Deviation, Severity } from './deviation.ts';
import { homeward } from './recipients.ts';

/*
 * A case whose patient left for home and was admitted again, unplanned (rules 6.2): a measure of follow-up, said of the stay
 * before, beside what was missing in it. It is nobody's fault by itself, and another hospital's stay is not this ward's to know:
 * so it is counted, and put to nobody.
 *
 *   ATI-02  within 72 hours
 *   ATI-01  later, within 30 days
 *
 * The person's next stay decides: a planned one in between ends the matter, and a transfer is the same case (DEC-08).
 */

/** DEC-14: nothing pre-admitted the stay, and its latest admission type is no planned readmission. */
export function isUnplanned(events: Iterable<StayEvent>): boolean {
  let latest: StayEvent | undefined;
  for (const event of events) {
    if (event.course === 'pre-admit') return false;
    const isLater = latest === undefined || event.sentAt >= latest.sentAt;
    if (event.encounter.admissionType !== undefined && isLater) latest = event;
  }
  return latest?.encounter.admissionType !== 'R';
}

function readmitted(
  definition: Pick<DeviationDefinition, 'code' | 'rows'>,
  history: History,
  circumstances: Circumstances,
): Judgement {
  const { laterStays = [] } = circumstances;
  const home = laterStays.length === 0 ? undefined : homeward(history);
  if (!home || !isConcern(history)) return NOTHING;
  const { discharge, at } = home;
  const next = laterStays.find(({ admittedAt }) => admittedAt > at);
  if (!next?.unplanned) return NOTHING;
  const { readmission, earlyReadmission } = parametersAt(at, circumstances);
  const after = next.admittedAt - at;
  const isEarly = after <= earlyReadmission;
  if (after > readmission || isEarly !== (definition.code === 'ATI-02')) return NOTHING;
  const evidence = [discharge.statedBy, next.statedBy];
  const details = { occasion: String(discharge.n), due: next.admittedAt, evidence };
  return { deviations: [deviationOf(definition, history, at, details)], timers: [] };
}

/**
 * Readmissions with what was missing in the stay before: the evidence of all else that stands of the stay is theirs too. What was
 * found by the hub of itself, and smaller than a deviation, is no link.
 */
export function withWhatWasMissing(deviations: readonly Deviation[]): readonly Deviation[] {
  if (!deviations.some(({ code }) => isReadmission(code))) return deviations;
  const missing = deviations.filter(
    (one) => !isReadmission(one.code) && one.severity > 1 && !one.code.startsWith('TEK-'),
  );
  const evidence = missing.flatMap((one) => one.evidence);
  return deviations.map((one) =>
    isReadmission(one.code) ? { ...one, evidence: [...new Set([...one.evidence, ...evidence])] } : one,
  );
}

/** The codes of readmissions; what a month counts of a stay besides cases, as they are put to nobody. */
export const READMISSIONS = ['ATI-01', 'ATI-02'] as const;

/** True of the code of a readmission. */
export function isReadmission(code: string): boolean {
  return READMISSIONS.some((one) => one === code);
}

function ofReadmission(
  code: (typeof READMISSIONS)[number],
  name: string,
  severity: Severity,
  hours: string,
): DeviationDefinition {
  const rows = firstRow(code, name, severity, 'Uppföljning', `rules 6.2 (${hours}, unsure); DEC-14`);
  return {
    ...{ code, rows, party: 'ward', forPatternsOnly: true },
    judge: (history, circumstances) => readmitted({ code, rows }, history, circumstances),
    closing: (_closed, { stay }) => closedWithDischarge(stay),
  };
}

export const ATI_01 = ofReadmission('ATI-01', 'Återinskrivning inom 30 dagar', 1, '30 days');

export const ATI_02 = ofReadmission('ATI-02', 'Återinskrivning inom 72 timmar', 2, '72 h');
