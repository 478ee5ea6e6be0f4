import type { DetectedIssue, Extension, FhirResource } from 'fhir/r4.js';
import type { ClosingReason, Deviation, DeviationCode, Instant, OpenReason, Protection, Severity } from '#libs/domain';
import { CLOSING_REASONS, DEVIATION_CODES } from '#libs/domain';
import { EXTENSION, PROFILE, SYSTEM } from './addresses.ts';
import { idIn, metaOf, missing, protectionOf, reading, reference, required, type Unreadable } from './resource.ts';
import { readInstant, writeInstant } from './times-and-texts.ts';

/** A deviation as it stands: suspected, open or closed (contract 4). */
export interface DeviationRecord {
  readonly id: string;
  readonly stayId: string;
  /** Its evidence, units and reason are content: give only what this reader may see (rules 12.5). */
  readonly deviation: Deviation;
  /** Swedish, from the dated row that it was judged by (DEC-34). */
  readonly name: string;
  readonly status: 'preliminary' | 'final' | 'cancelled';
  /** When it was first judged; kept when it closes and opens again. */
  readonly identified: Instant;
  /** Why it was closed. */
  readonly closedReason?: ClosingReason;
  readonly version?: number;
  readonly lastUpdated?: Instant;
  readonly protection?: Protection;
}

/** FHIR has three grades, the rules four (rules 6.2): the exact one stands in `deviation-severity`. */
const GRADE: Readonly<Record<Severity, DetectedIssue['severity']>> = { 4: 'high', 3: 'moderate', 2: 'low', 1: 'low' };

function extensionsOf({ deviation, closedReason }: DeviationRecord): Extension[] {
  return [
    { url: EXTENSION.deviationRule, valueString: deviation.rule },
    { url: EXTENSION.deviationDue, valueDateTime: writeInstant(deviation.due) },
    { url: EXTENSION.deviationParty, valueString: deviation.party },
    { url: EXTENSION.deviationSeverity, valueInteger: deviation.severity },
    ...(deviation.occasion === '' ? [] : [{ url: EXTENSION.deviationOccasion, valueString: deviation.occasion }]),
    ...(closedReason === undefined ? [] : [{ url: EXTENSION.deviationReason, valueCode: closedReason }]),
    ...(deviation.reason === undefined ? [] : [{ url: EXTENSION.deviationReason, valueCode: deviation.reason }]),
  ];
}

/** The events that show it, and the units that it is about (DEC-27). */
function evidenceOf({ evidence, units = [] }: Deviation): Pick<DetectedIssue, 'evidence'> {
  const detail = [
    ...evidence.map((id) => reference('MessageHeader', id)),
    ...units.map((id) => reference('Organization', id)),
  ];
  return detail.length === 0 ? {} : { evidence: [{ detail }] };
}

/**
 * The record of `deviations` and `deviations.<party>` (contract 4). No patient stands in it: a report between parties
 * carries no identity (rules 12.5). DetectedIssue's "clinical issue" is stretched openly (standards 4.1).
 */
export function writeDeviation(record: DeviationRecord): DetectedIssue {
  const { deviation, lastUpdated, name, version } = record;
  const meta = metaOf(record.protection, PROFILE.deviation, version);
  return {
    resourceType: 'DetectedIssue',
    id: record.id,
    meta: { ...meta, ...(lastUpdated === undefined ? {} : { lastUpdated: writeInstant(lastUpdated) }) },
    extension: extensionsOf(record),
    status: record.status,
    code: { coding: [{ system: SYSTEM.deviation, code: deviation.code, display: name }] },
    severity: GRADE[deviation.severity],
    identifiedDateTime: writeInstant(record.identified),
    author: { type: 'Device', display: 'Bryggan' },
    implicated: [reference('Encounter', record.stayId)],
    ...evidenceOf(deviation),
  };
}

const isDetectedIssue = (value: unknown): value is DetectedIssue =>
  typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'DetectedIssue';

const isCode = (code: string | undefined): code is DeviationCode => DEVIATION_CODES.some((known) => known === code);
const isSeverity = (grade: number | undefined): grade is Severity =>
  grade === 1 || grade === 2 || grade === 3 || grade === 4;
const isStatus = (status: string): status is DeviationRecord['status'] =>
  status === 'preliminary' || status === 'final' || status === 'cancelled';
const isClosingReason = (code: string | undefined): code is ClosingReason =>
  CLOSING_REASONS.some((known) => known === code);

/** The one reason that an open deviation may have (DEC-06); all others are reasons to close. */
const OPEN_REASON: OpenReason = 'ground-not-stated';

/** What a deviation's record says, or where it is unreadable. Never throws, whatever the value is. */
export function readDeviation(value: unknown): DeviationRecord | Unreadable {
  return reading('deviation', () => {
    const issue = isDetectedIssue(value) ? value : missing('DetectedIssue');
    const { status, meta } = issue;
    const closedReason = reasonsOf(issue).find((code) => code !== OPEN_REASON);
    const protection = protectionOf(meta);
    return {
      id: required(issue.id, 'id'),
      stayId: required(idIn('Encounter', issue.implicated?.[0]), 'implicated'),
      deviation: deviationOf(issue),
      name: required(issue.code?.coding?.[0]?.display, 'code.display'),
      status: isStatus(status) ? status : missing('status'),
      identified: readInstant(issue.identifiedDateTime, 'identifiedDateTime'),
      ...(closedReason === undefined
        ? {}
        : { closedReason: isClosingReason(closedReason) ? closedReason : missing('deviation-reason') }),
      ...(meta?.versionId === undefined ? {} : { version: Number(meta.versionId) }),
      ...(meta?.lastUpdated === undefined ? {} : { lastUpdated: readInstant(meta.lastUpdated, 'meta.lastUpdated') }),
      ...(protection === undefined ? {} : { protection }),
    };
  });
}

const valueOf = ({ extension }: DetectedIssue, url: string) => extension?.find((one) => one.url === url);

const reasonsOf = ({ extension = [] }: DetectedIssue) =>
  extension.flatMap(({ url, valueCode }) => (url === EXTENSION.deviationReason ? [valueCode] : []));

/** Ids of one type among what is given as evidence. */
const detailsOf = (issue: DetectedIssue, type: FhirResource['resourceType']) =>
  issue.evidence?.flatMap(({ detail = [] }) => detail).flatMap((ref) => idIn(type, ref) ?? []) ?? [];

function deviationOf(issue: DetectedIssue): Deviation {
  const code = issue.code?.coding?.[0]?.code;
  const severity = valueOf(issue, EXTENSION.deviationSeverity)?.valueInteger;
  const units = detailsOf(issue, 'Organization');
  return {
    code: isCode(code) ? code : missing('code'),
    occasion: valueOf(issue, EXTENSION.deviationOccasion)?.valueString ?? '',
    party: required(valueOf(issue, EXTENSION.deviationParty)?.valueString, 'deviation-party'),
    severity: isSeverity(severity) ? severity : missing('deviation-severity'),
    due: readInstant(valueOf(issue, EXTENSION.deviationDue)?.valueDateTime, 'deviation-due'),
    suspected: issue.status === 'preliminary',
    ...(reasonsOf(issue).includes(OPEN_REASON) ? { reason: OPEN_REASON } : {}),
    rule: required(valueOf(issue, EXTENSION.deviationRule)?.valueString, 'deviation-rule'),
    evidence: detailsOf(issue, 'MessageHeader'),
    ...(units.length === 0 ? {} : { units }),
  };
}
