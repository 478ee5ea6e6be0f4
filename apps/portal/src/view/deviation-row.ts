import type { DetectedIssue } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { isUnreadable, readDeviation, type DeviationRecord, type Unreadable } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import { rowOf } from './columns.ts';
import { readJson } from './read-json.ts';
import type { NewRow } from './row.ts';

interface Deviation {
  readonly record: DeviationRecord;
  readonly issue: DetectedIssue;
}

/** A record that was read as a deviation is a DetectedIssue: the one place where that is said to the compiler. */
function readBoth(value: unknown): Deviation | Unreadable {
  const record = readDeviation(value);
  return isUnreadable(record) ? record : { record, issue: value as DetectedIssue };
}

/** A record of `deviations` or `deviations.<party>` as a row. @throws UnreadableRecord */
export function deviationRow(record: InRecord, audience: string, updatedAt: Instant): NewRow {
  const { record: deviation, issue } = readJson(record, readBoth);
  return rowOf(issue, {
    audience,
    updatedAt,
    sourceVersion: deviation.version,
    protection: deviation.protection,
  });
}
