import type { ClosingReason, DeviationCode, Finding, Instant, Protection } from '#libs/domain';
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
  readonly idOf: (finding: Finding) => string;
  readonly reasonFor: (finding: Finding) => ClosingReason;
}

/** The deviations that have to be said anew, so that what is open is what the rules name. `said`: all of the stay so far. */
export function changedDeviations(
  findings: readonly Finding[],
  said: readonly DeviationRecord[],
  of: SaidOf,
): DeviationRecord[] {
  const known = new Map(said.map((record) => [record.id, record]));
  const named = new Map(findings.map((finding) => [of.idOf(finding), finding]));
  const opened = [...named]
    .filter(([id, finding]) => !isSaidSo(known.get(id), finding, of.protection))
    .map(([id, finding]) => open(known.get(id), id, finding, of));
  const closed = said
    .filter((record) => record.status !== 'cancelled' && !named.has(record.id))
    .map((record) => close(record, of));
  return [...closed, ...opened];
}

function open(before: DeviationRecord | undefined, id: string, finding: Finding, of: SaidOf): DeviationRecord {
  return {
    id,
    stayId: of.stayId,
    finding,
    status: finding.suspected ? 'preliminary' : 'final',
    identified: before?.identified ?? of.now,
    rule: before?.rule ?? RULES[finding.code],
    version: (before?.version ?? 0) + 1,
    lastUpdated: of.now,
    ...(of.protection && { protection: of.protection }),
  };
}

function close(before: DeviationRecord, of: SaidOf): DeviationRecord {
  return {
    ...before,
    status: 'cancelled',
    closedReason: of.reasonFor(before.finding),
    version: (before.version ?? 0) + 1,
    lastUpdated: of.now,
    ...(of.protection && { protection: of.protection }),
  };
}

function isSaidSo(record: DeviationRecord | undefined, finding: Finding, protection: Protection | undefined): boolean {
  if (!record || record.status === 'cancelled' || record.protection !== protection) return false;
  const { party, severity, due, suspected, reason, evidence } = record.finding;
  return (
    party === finding.party &&
    severity === finding.severity &&
    due === finding.due &&
    suspected === finding.suspected &&
    reason === finding.reason &&
    evidence.join() === finding.evidence.join()
  );
}

/** The rule that each code rests on (domain.md 6.2, 12.1), with the version of the rules. */
const VERSION = 'regler 2018-01-01';
const RULES: Readonly<Record<DeviationCode, string>> = {
  'INS-01': `LUS 2:1, 2:3; ${VERSION}`,
  'INS-02': `LUS 2:1; ${VERSION}`,
  'INS-03': `LUS 2:3; ${VERSION}`,
  'INS-04': `LUS 2:3; ${VERSION}`,
  'INS-05': `LUS 2:2; ${VERSION}`,
  'UTS-01': `LUS 3:2; ${VERSION}`,
  'UTS-02': `LUS 3:2; ${VERSION}`,
  'BUT-01': `LUS 2:4; ${VERSION}`,
  'TEK-01': `DEC-05; ${VERSION}`,
  'TEK-03': `DEC-05; ${VERSION}`,
};
