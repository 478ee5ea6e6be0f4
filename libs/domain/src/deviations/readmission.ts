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
import type { Deviation } from './deviation.ts';
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
  if (!deviations.some(isReadmission)) return deviations;
  const missing = deviations.filter((one) => !isReadmission(one) && one.severity > 1 && !one.code.startsWith('TEK-'));
  const evidence = missing.flatMap((one) => one.evidence);
  return deviations.map((one) =>
    isReadmission(one) ? { ...one, evidence: [...new Set([...one.evidence, ...evidence])] } : one,
  );
}

const isReadmission = ({ code }: Pick<Deviation, 'code'>): boolean => code === 'ATI-01' || code === 'ATI-02';

export const ATI_01: DeviationDefinition = {
  code: 'ATI-01',
  rows: firstRow('ATI-01', 'Återinskrivning inom 30 dagar', 1, 'Uppföljning', 'rules 6.2 (30 days, unsure); DEC-14'),
  party: 'ward',
  forPatternsOnly: true,
  judge: (history, circumstances) => readmitted(ATI_01, history, circumstances),
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

export const ATI_02: DeviationDefinition = {
  code: 'ATI-02',
  rows: firstRow('ATI-02', 'Återinskrivning inom 72 timmar', 2, 'Uppföljning', 'rules 6.2 (72 h, unsure); DEC-14'),
  party: 'ward',
  forPatternsOnly: true,
  judge: (history, circumstances) => readmitted(ATI_02, history, circumstances),
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};
