import type { Task, TaskOutput } from 'fhir/r4.js';
import { SYSTEM } from '#libs/fhir';
import { fault, type Fault } from '#libs/platform';
import { readJsonObject, type Reading } from './form-check.ts';
import { checkReplyForm, type ReplyForm } from './reply-form.ts';

/** A reply that came as an update of a Task, and the Task's id. */
export interface TaskReply {
  readonly taskId: string;
  readonly form: ReplyForm;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TASK_ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * What a state of a Task says of the notice that is its focus, where `businessStatus` names no other answer. Being received
 * is no word of a person (MC-46).
 */
const CODE_OF: ReadonlyMap<string, string> = new Map([
  ['accepted', 'KVI'],
  ['in-progress', 'PLAN'],
  ['rejected', 'RET'],
]);
/** States in which a party has done something, and may say more of it. */
const SPOKEN: ReadonlySet<string> = new Set([...CODE_OF.keys(), 'on-hold', 'failed', 'completed']);

const PART = /^[A-Za-z]+(?:-[A-Za-z]+)?$/;
/** Parts that are lists in a form: one output each. */
const LISTS: ReadonlySet<string> = new Set(['grounds', 'invited', 'units', 'items', 'tookPart', 'scopes']);
/** Parts whose list may be empty, which no output can say. */
const EMPTY: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'SIP-PLAN': { items: [], tookPart: [] },
};

/**
 * Reads a FHIR update of a Task as the reply that it is: `encounter` the stay, `focus` the notice, `status` what is said or
 * `businessStatus` its code in `CodeSystem/notice`, `statusReason` why it is returned and `owner` the right party, where that is
 * another than the one who answers. All else that a reply of its code says is an `output` each, whose type is the key of
 * the reply (`CodeSystem/reply-part`); `contact-name` is `contact.name`.
 * @param party who answers
 */
export function readTaskReply(bytes: Uint8Array, party: string): Reading<TaskReply> {
  const read = readJsonObject(bytes);
  if (!read.ok) return read;
  const task = read.value as Partial<Task>;
  const faults: Fault[] = [];
  const need = <T>(value: T | undefined, place: string): T | undefined => {
    if (value === undefined) faults.push(fault('bad-form', place));
    return value;
  };
  const taskId = need(typeof task.id === 'string' && TASK_ID.test(task.id) ? task.id : undefined, '$.id');
  need(task.resourceType === 'Task' ? true : undefined, '$.resourceType');
  const status = textIn(task.status);
  const code = need(
    SPOKEN.has(status) ? (codeIn(task.businessStatus, SYSTEM.notice) ?? CODE_OF.get(status)) : undefined,
    '$.status',
  );
  const stay = need(idIn('Encounter', task.encounter), '$.encounter');
  const about = need(idIn('Communication', task.focus), '$.focus');
  const parts = need(partsOf(task.output), '$.output');
  const isTakenBack = parts?.['withdraws'] !== undefined;
  const isReturn = code === 'RET' && !isTakenBack;
  const reason = isReturn ? need(codeIn(task.statusReason), '$.statusReason') : undefined;
  const [first, ...rest] = faults;
  if (first) return { ok: false, faults: [first, ...rest] };
  if (taskId === undefined || code === undefined) throw new Error('a fault is missing');
  const owner = organizationIn(task.owner);
  const form = {
    ...(!isTakenBack && EMPTY[code]),
    ...parts,
    ...{ code, stay, about },
    ...(typeof task.lastModified === 'string' && { sent: task.lastModified }),
    ...(reason !== undefined && { reason }),
    ...(reason !== undefined && owner !== undefined && owner !== party && { rightParty: owner }),
  };
  const checked = checkReplyForm(form);
  if (checked.ok) return { ok: true, value: { taskId, form: checked.value } };
  const [one, ...more] = checked.faults.map(({ name, place = '$' }) => fault(name, placeInTask(place)));
  return { ok: false, faults: [one ?? fault('internal'), ...more] };
}

/** `$.text` of the form is an output of the Task; what the Task has an element for stays where it is. */
const placeInTask = (place: string): string => {
  if (place === '$.reason') return '$.statusReason';
  if (place === '$.code') return '$.businessStatus';
  return /^\$\.(?:stay|about|sent|rightParty)$/.test(place) ? place : place.replace('$', '$.output');
};

/** Outputs by the key of a reply; undefined where one cannot be read, or stands twice and is no list. */
function partsOf(output: unknown): Record<string, unknown> | undefined {
  const parts: Record<string, unknown> = {};
  if (output === undefined) return parts;
  if (!Array.isArray(output)) return undefined;
  for (const one of output as readonly Partial<TaskOutput>[]) {
    const key = codeIn(one.type, SYSTEM.replyPart);
    const value = valueOf(one);
    if (key === undefined || !PART.test(key) || value === undefined) return undefined;
    const [whole = '', part] = key.split('-');
    const before = Object.hasOwn(parts, whole) ? parts[whole] : undefined;
    if (LISTS.has(key)) parts[key] = [...((before as unknown[] | undefined) ?? []), value];
    else if (part !== undefined) parts[whole] = { ...(before as object | undefined), [part]: value };
    else if (before === undefined) parts[key] = value;
    else return undefined;
  }
  return parts;
}

function valueOf(one: Partial<TaskOutput>): unknown {
  if (typeof one !== 'object') return undefined;
  const { valueCode, valueString, valueBoolean, valueDateTime, valueUuid, valueReference } = one;
  return (
    valueCode ??
    valueString ??
    valueBoolean ??
    valueDateTime ??
    valueUuid?.replace('urn:uuid:', '') ??
    organizationIn(valueReference)
  );
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

function referenceIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'reference' in value ? textIn(value.reference) : '';
}

function idIn(type: string, value: unknown): string | undefined {
  const [ofType, id = '', ...more] = referenceIn(value).split('/');
  return ofType === type && more.length === 0 && UUID.test(id) ? id : undefined;
}

function organizationIn(value: unknown): string | undefined {
  return /^Organization\/([A-Za-z0-9-]{1,60})$/.exec(referenceIn(value))?.[1];
}

/** The first code of a concept, or its first of one system. */
function codeIn(concept: unknown, system?: string): string | undefined {
  const codings: unknown = typeof concept === 'object' && concept !== null && 'coding' in concept && concept.coding;
  if (!Array.isArray(codings)) return undefined;
  const found: unknown = codings.find(
    (one: unknown) =>
      system === undefined || (typeof one === 'object' && one !== null && 'system' in one && one.system === system),
  );
  const code = typeof found === 'object' && found !== null && 'code' in found ? found.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
