import type { CodeableConcept, DetectedIssue, HumanName, Meta, Reference, Task } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import {
  type DeviationRecord,
  EXTENSION,
  IDENTIFIER_SYSTEM,
  isUnreadable,
  protectionOf,
  readDeviation,
  readTask,
  type TaskRecord,
  type Unreadable,
} from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import { UnreadableRecord } from '#libs/platform';
import type { NewRow, SearchColumns, ViewResource } from './row.ts';

const codeOf = (concept: CodeableConcept | undefined) => concept?.coding?.[0]?.code;
const idOf = (ref: Reference | undefined) => ref?.reference?.split('/')[1];

function momentOf(text: string | undefined): Instant | undefined {
  const instant = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

const nameWords = (names: readonly HumanName[] | undefined) =>
  wordsOf((names ?? []).flatMap(({ given, family }) => [...(given ?? []), family ?? '']).join(' '));

/** What a search can ask of a resource; the one place where FHIR's elements become columns. */
function columnsOf(resource: ViewResource): SearchColumns {
  switch (resource.resourceType) {
    case 'Communication':
      return {
        status: resource.status,
        code: codeOf(resource.category?.[0]),
        actor: idOf(resource.recipient?.[0]),
        encounter: idOf(resource.encounter),
        subject: idOf(resource.subject),
        moment: momentOf(resource.sent),
      };
    case 'Encounter':
      return {
        status: resource.status,
        code: resource.identifier?.find(({ system }) => system === IDENTIFIER_SYSTEM.visit)?.value,
        encounter: resource.id,
        subject: idOf(resource.subject),
      };
    case 'Task':
      return {
        status: resource.status,
        code: codeOf(resource.code),
        actor: idOf(resource.owner),
        encounter: idOf(resource.encounter),
        moment: momentOf(resource.restriction?.period?.end),
      };
    case 'DetectedIssue':
      return {
        status: resource.status,
        code: codeOf(resource.code),
        actor: resource.extension?.find(({ url }) => url === EXTENSION.deviationParty)?.valueString,
        encounter: idOf(resource.implicated?.[0]),
        moment: momentOf(resource.identifiedDateTime),
      };
    case 'Patient':
      return { subject: resource.id, name: nameWords(resource.name) };
    case 'Organization':
      return { code: resource.identifier?.[0]?.value, name: wordsOf(resource.name ?? '') };
  }
}

/** The resource without what the columns hold, so that a label or a version is never told twice, or in two ways. */
function bodyOf(resource: ViewResource): string {
  const { profile } = resource.meta ?? {};
  const meta: Meta | undefined = profile === undefined ? undefined : { profile };
  return JSON.stringify({ ...resource, meta });
}

/**
 * A resource as a row of a view.
 * @param place whose view, since when (hub's clock, ms), and which version its writer gave it
 */
export function rowOf(
  resource: ViewResource,
  place: Pick<NewRow, 'audience' | 'updatedAt'> & Partial<Pick<NewRow, 'versions' | 'sourceVersion' | 'protection'>>,
): NewRow {
  return {
    ...columnsOf(resource),
    audience: place.audience,
    type: resource.resourceType,
    id: resource.id ?? '',
    versions: place.versions ?? 1,
    sourceVersion: place.sourceVersion,
    updatedAt: place.updatedAt,
    protection: place.protection ?? protectionOf(resource.meta),
    body: bodyOf(resource),
  };
}

/**
 * A name as search compares it: lower case, without marks, single spaces, a space in front of each word, so that
 * ` ab` finds a word that begins so (FHIR R4, search on strings: case and accents do not count).
 */
export function wordsOf(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? '' : ` ${plain}`;
}

interface Both {
  readonly record: TaskRecord;
  readonly task: Task;
}

/** A record that was read as a Task is one: the one place where that is said to the compiler. */
function readTaskRecord(value: unknown): Both | Unreadable {
  const record = readTask(value);
  return isUnreadable(record) ? record : { record, task: value as Task };
}

/** A Task of `tasks` or `deviations.<party>` as a row in its owner's view. @throws UnreadableRecord */
export function taskRow(record: InRecord, updatedAt: Instant): NewRow {
  const { record: read, task } = readJson(record, readTaskRecord);
  return rowOf(task, { audience: read.duty.owner, updatedAt, sourceVersion: read.version });
}

interface Deviation {
  readonly record: DeviationRecord;
  readonly issue: DetectedIssue;
}

/** A record that was read as a deviation is a DetectedIssue: the one place where that is said to the compiler. */
function readIssueRecord(value: unknown): Deviation | Unreadable {
  const record = readDeviation(value);
  return isUnreadable(record) ? record : { record, issue: value as DetectedIssue };
}

/** A record of `deviations` or `deviations.<party>` as a row. @throws UnreadableRecord */
export function deviationRow(record: InRecord, audience: string, updatedAt: Instant): NewRow {
  const { record: deviation, issue } = readJson(record, readIssueRecord);
  return rowOf(issue, {
    audience,
    updatedAt,
    sourceVersion: deviation.version,
    protection: deviation.protection,
  });
}

/**
 * What a record says, by the reader of its topic.
 * @throws UnreadableRecord when it is no JSON or not what its topic promises: the consumer sets that record aside
 */
export function readJson<T extends object>(record: InRecord, read: (value: unknown) => T | Unreadable): T {
  const result = read(parsed(record.value));
  if (isUnreadable(result)) throw new UnreadableRecord(result.unreadable);
  return result;
}

/** The record's value as JSON. @throws UnreadableRecord */
function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8')) as unknown;
  } catch {
    throw new UnreadableRecord('not JSON');
  }
}
