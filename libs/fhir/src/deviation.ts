import type { DetectedIssue, Extension } from 'fhir/r4.js';
import type { DeviationCode, Finding, Instant, Protection, Severity } from '#libs/domain';
import { DEVIATION_CODES } from '#libs/domain';
import { EXTENSION, PROFILE } from './addresses.ts';
import { SYSTEM } from './codes.ts';
import { DEVIATION_NAMES } from './deviation-names.ts';
import { idIn, reference } from './entry.ts';
import { metaOf, protectionOf } from './security-label.ts';
import { readInstant, writeInstant } from './times.ts';
import type { Unreadable } from './unreadable.ts';
import { missing, reading, required } from './unreadable.ts';

/** A deviation as it stands: suspected, open or closed (contract 4). */
export interface DeviationRecord {
  readonly id: string;
  readonly stayId: string;
  /** Its evidence and reason are content: give only what this reader may see (domain.md 12.5). */
  readonly finding: Finding;
  readonly status: 'preliminary' | 'final' | 'cancelled';
  /** When it was first judged; kept when it closes and opens again. */
  readonly identified: Instant;
  /** The rule and the version of the rules, e.g. `LUS 2:3; regler 2018-01-01`. */
  readonly rule: string;
  /** Why it was closed; a code such as `came-late`. */
  readonly closedReason?: string;
  readonly version?: number;
  readonly lastUpdated?: Instant;
  readonly protection?: Protection;
}

/** FHIR has three grades, domain.md four: the exact one stands in `deviation-severity`. */
const GRADE: Readonly<Record<Severity, DetectedIssue['severity']>> = { 4: 'high', 3: 'moderate', 2: 'low', 1: 'low' };

function extensionsOf({ finding, rule, closedReason }: DeviationRecord): Extension[] {
  return [
    { url: EXTENSION.deviationRule, valueString: rule },
    { url: EXTENSION.deviationDue, valueDateTime: writeInstant(finding.due) },
    { url: EXTENSION.deviationParty, valueString: finding.party },
    { url: EXTENSION.deviationSeverity, valueInteger: finding.severity },
    ...(finding.occasion === '' ? [] : [{ url: EXTENSION.deviationOccasion, valueString: finding.occasion }]),
    ...(closedReason === undefined ? [] : [{ url: EXTENSION.deviationReason, valueCode: closedReason }]),
    ...(finding.reason === undefined ? [] : [{ url: EXTENSION.deviationReason, valueCode: finding.reason }]),
  ];
}

/**
 * The record of `deviations` and `deviations.<party>` (contract 4). No patient stands in it: a report between parties
 * carries no identity (domain.md 12.5). DetectedIssue's "clinical issue" is stretched openly (standards 4.1).
 */
export function writeDeviation(record: DeviationRecord): DetectedIssue {
  const { finding, lastUpdated, version } = record;
  const meta = metaOf(record.protection, PROFILE.deviation, version);
  return {
    resourceType: 'DetectedIssue',
    id: record.id,
    meta: { ...meta, ...(lastUpdated === undefined ? {} : { lastUpdated: writeInstant(lastUpdated) }) },
    extension: extensionsOf(record),
    status: record.status,
    code: { coding: [{ system: SYSTEM.deviation, code: finding.code, display: DEVIATION_NAMES[finding.code] }] },
    severity: GRADE[finding.severity],
    identifiedDateTime: writeInstant(record.identified),
    author: { type: 'Device', display: 'Bryggan' },
    implicated: [reference('Encounter', record.stayId)],
    ...(finding.evidence.length === 0
      ? {}
      : { evidence: [{ detail: finding.evidence.map((id) => reference('MessageHeader', id)) }] }),
  };
}

const isDetectedIssue = (value: unknown): value is DetectedIssue =>
  typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'DetectedIssue';

const isCode = (code: string | undefined): code is DeviationCode => DEVIATION_CODES.some((known) => known === code);
const isSeverity = (grade: number | undefined): grade is Severity =>
  grade === 1 || grade === 2 || grade === 3 || grade === 4;
const isStatus = (status: string): status is DeviationRecord['status'] =>
  status === 'preliminary' || status === 'final' || status === 'cancelled';

/** What a deviation's record says, or where it is unreadable. Never throws, whatever the value is. */
export function readDeviation(value: unknown): DeviationRecord | Unreadable {
  return reading('deviation', () => {
    const issue = isDetectedIssue(value) ? value : missing('DetectedIssue');
    const { status, meta } = issue;
    const extensions = issue.extension ?? [];
    const closedReason = extensions.find((one) => isReason(one) && one.valueCode !== OPEN_REASON)?.valueCode;
    const protection = protectionOf(meta);
    return {
      id: required(issue.id, 'id'),
      stayId: required(idIn('Encounter', issue.implicated?.[0]), 'implicated'),
      finding: findingOf(issue, extensions),
      status: isStatus(status) ? status : missing('status'),
      identified: readInstant(issue.identifiedDateTime, 'identifiedDateTime'),
      rule: required(valueOf(extensions, EXTENSION.deviationRule)?.valueString, 'deviation-rule'),
      ...(closedReason === undefined ? {} : { closedReason }),
      ...(meta?.versionId === undefined ? {} : { version: Number(meta.versionId) }),
      ...(meta?.lastUpdated === undefined ? {} : { lastUpdated: readInstant(meta.lastUpdated, 'meta.lastUpdated') }),
      ...(protection === undefined ? {} : { protection }),
    };
  });
}

/** The one reason that an open deviation may have (DEC-06); all others are reasons to close. */
const OPEN_REASON = 'ground-not-stated';
const isReason = ({ url }: Extension) => url === EXTENSION.deviationReason;

const valueOf = (extensions: readonly Extension[], url: string) => extensions.find((one) => one.url === url);

function findingOf(issue: DetectedIssue, extensions: readonly Extension[]): Finding {
  const code = issue.code?.coding?.[0]?.code;
  const severity = valueOf(extensions, EXTENSION.deviationSeverity)?.valueInteger;
  const open = extensions.some((one) => isReason(one) && one.valueCode === OPEN_REASON);
  return {
    code: isCode(code) ? code : missing('code'),
    occasion: valueOf(extensions, EXTENSION.deviationOccasion)?.valueString ?? '',
    party: required(valueOf(extensions, EXTENSION.deviationParty)?.valueString, 'deviation-party'),
    severity: isSeverity(severity) ? severity : missing('deviation-severity'),
    due: readInstant(valueOf(extensions, EXTENSION.deviationDue)?.valueDateTime, 'deviation-due'),
    suspected: issue.status === 'preliminary',
    ...(open ? { reason: OPEN_REASON } : {}),
    evidence:
      issue.evidence?.flatMap(({ detail }) => detail ?? []).flatMap((ref) => idIn('MessageHeader', ref) ?? []) ?? [],
  };
}
