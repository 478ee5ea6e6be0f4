import { rowJudgedBy, type ClosingReason, type Deviation, type Instant, type Protection } from '#libs/domain';
import type { DeviationRecord } from '#libs/fhir';

/**
 * A deviation as it was last said (contract 4).
 *
 *   preliminary  suspected: the source may only be silent, or its message lie in `rejected`
 *   final        open
 *   cancelled    closed with a reason
 *
 * (none) -> preliminary, final     the rules name it
 * preliminary <-> final            the suspicion begins or ends
 * preliminary, final -> cancelled  the rules name it no more
 * cancelled -> preliminary, final  the rules name it again: the same id, first judged when it was
 */
export interface SaidOf {
  readonly stayId: string;
  readonly now: Instant;
  readonly protection?: Protection | undefined;
  readonly idOf: (deviation: Deviation) => string;
  readonly reasonFor: (deviation: Deviation) => ClosingReason;
}

/** The deviations that have to be said anew, so that what is open is what the rules name. `said`: all of the stay so far. */
export function changedDeviations(
  deviations: readonly Deviation[],
  said: readonly DeviationRecord[],
  of: SaidOf,
): DeviationRecord[] {
  if (deviations.length === 0 && said.length === 0) return [];
  const known = new Map(said.map((record) => [record.id, record]));
  const named = new Map(deviations.map((deviation) => [of.idOf(deviation), deviation]));
  const opened = [...named]
    .filter(([id, deviation]) => !isSaidSo(known.get(id), deviation, of.protection))
    .map(([id, deviation]) => open(known.get(id), id, deviation, of));
  const closed = said
    .filter((record) => record.status !== 'cancelled' && !named.has(record.id))
    .map((record) => close(record, of));
  return [...closed, ...opened];
}

function open(before: DeviationRecord | undefined, id: string, deviation: Deviation, of: SaidOf): DeviationRecord {
  // The row under which it was first judged holds to its end (DEC-34).
  const judged = before ? { ...deviation, rule: before.deviation.rule } : deviation;
  return {
    id,
    stayId: of.stayId,
    deviation: judged,
    name: rowJudgedBy(judged).name,
    status: deviation.suspected ? 'preliminary' : 'final',
    identified: before?.identified ?? of.now,
    version: (before?.version ?? 0) + 1,
    lastUpdated: of.now,
    ...(of.protection && { protection: of.protection }),
  };
}

function close(before: DeviationRecord, of: SaidOf): DeviationRecord {
  return {
    ...before,
    status: 'cancelled',
    closedReason: of.reasonFor(before.deviation),
    version: (before.version ?? 0) + 1,
    lastUpdated: of.now,
    ...(of.protection && { protection: of.protection }),
  };
}

function isSaidSo(
  record: DeviationRecord | undefined,
  deviation: Deviation,
  protection: Protection | undefined,
): boolean {
  if (!record || record.status === 'cancelled' || record.protection !== protection) return false;
  const { party, severity, due, suspected, reason, evidence, units } = record.deviation;
  return (
    party === deviation.party &&
    severity === deviation.severity &&
    due === deviation.due &&
    suspected === deviation.suspected &&
    reason === deviation.reason &&
    // The version before named some evidence twice.
    [...new Set(evidence)].join() === deviation.evidence.join() &&
    // The version before did not say whom it concerns: that alone is no news, and nobody is told again for it.
    (units === undefined || units.join() === deviation.units?.join())
  );
}

/** A deviation as the version before stored it: what was judged had another name, and its rule stood beside it. */
interface FirstRecord extends Omit<DeviationRecord, 'deviation' | 'name'> {
  readonly finding: Omit<Deviation, 'rule'>;
  readonly rule: string;
}

/** The deviation that a stored body says. In: JSON of today or of the version before. */
export function storedDeviation(body: string): DeviationRecord {
  const stored = JSON.parse(body) as DeviationRecord | FirstRecord;
  if ('deviation' in stored) return stored;
  const { finding, rule, ...record } = stored;
  const deviation = { ...finding, rule };
  return { ...record, deviation, name: rowJudgedBy(deviation).name };
}
