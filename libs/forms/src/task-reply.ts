import type { Task } from 'fhir/r4.js';
import { RETURN_REASONS, type ReturnReason } from '#libs/domain';
import { fault, type Fault } from '#libs/platform';
import { readJsonObject, type Reading } from './json-object.ts';
import type { ReplyForm } from './reply-form.ts';

/** A reply that came as an update of a Task, and the Task's id. */
export interface TaskReply {
  readonly taskId: string;
  readonly form: ReplyForm;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TASK_ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** What a state of a Task says of the notice that is its focus. Being received is no word of a person (MC-46). */
const CODE_OF: ReadonlyMap<string, 'KVI' | 'PLAN' | 'RET'> = new Map<string, 'KVI' | 'PLAN' | 'RET'>([
  ['accepted', 'KVI'],
  ['in-progress', 'PLAN'],
  ['rejected', 'RET'],
]);

/**
 * Reads a FHIR update of a Task as the reply that it is: `encounter` the stay, `focus` the notice, `status` what is said,
 * `statusReason` why it is returned and `owner` the right party, where that is another than the one who answers.
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
  const isTask = need(task.resourceType === 'Task' ? true : undefined, '$.resourceType');
  const code = need(CODE_OF.get(textIn(task.status)), '$.status');
  const stay = need(idIn('Encounter', task.encounter), '$.encounter');
  const about = need(idIn('Communication', task.focus), '$.focus');
  const reason = code === 'RET' ? need(reasonIn(task), '$.statusReason') : undefined;
  const [first, ...rest] = faults;
  if (first) return { ok: false, faults: [first, ...rest] };
  if (!isTask || !taskId || !code || !stay || !about) throw new Error('a fault is missing');
  const sent = typeof task.lastModified === 'string' ? { sent: task.lastModified } : {};
  const base = { stay, about, ...sent };
  if (code === 'KVI') return { ok: true, value: { taskId, form: { code, ...base } } };
  if (code === 'PLAN') return { ok: true, value: { taskId, form: { code, ...base } } };
  if (!reason) throw new Error('a fault is missing');
  const owner = organizationIn(task.owner);
  const rightParty = owner === undefined || owner === party ? {} : { rightParty: owner };
  return { ok: true, value: { taskId, form: { code, ...base, reason, ...rightParty } } };
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

function reasonIn({ statusReason }: Partial<Task>): ReturnReason | undefined {
  const codings: unknown = statusReason?.coding;
  const first: unknown = Array.isArray(codings) ? codings[0] : undefined;
  const code = typeof first === 'object' && first !== null && 'code' in first ? first.code : undefined;
  return RETURN_REASONS.find((known) => known === code);
}
