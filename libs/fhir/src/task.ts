import type { Task } from 'fhir/r4.js';
import type { Duty, Instant, TaskCode } from '#libs/domain';
import { TASK_CODES } from '#libs/domain';
import { IDENTIFIER_SYSTEM, PROFILE, SYSTEM } from './addresses.ts';
import { TASK_NAMES } from './codes.ts';
import { idIn, metaOf, missing, protectionOf, reading, reference, required, type Unreadable } from './resource.ts';
import { readInstant, writeInstant } from './times-and-texts.ts';

/** A duty of one owner as it stands (architecture 3). */
export interface TaskRecord {
  readonly id: string;
  readonly stayId: string;
  readonly duty: Duty;
  readonly status: 'requested' | 'completed' | 'cancelled';
  readonly authoredOn: Instant;
  readonly lastModified: Instant;
  readonly version?: number;
}

/** The record of `tasks` (contract 4): who has to do what about which stay, and until when. No person stands in it. */
export function writeTask(record: TaskRecord): Task {
  const { duty } = record;
  const { code } = duty;
  return {
    resourceType: 'Task',
    id: record.id,
    meta: metaOf(duty.protection, PROFILE.task, record.version),
    ...(duty.occasion === '' ? {} : { identifier: [{ system: IDENTIFIER_SYSTEM.occasion, value: duty.occasion }] }),
    status: record.status,
    intent: 'order',
    code: { coding: [{ system: SYSTEM.task, code, display: TASK_NAMES[code] }] },
    description: duty.text,
    focus: reference('Encounter', record.stayId),
    encounter: reference('Encounter', record.stayId),
    executionPeriod: { start: writeInstant(duty.since) },
    authoredOn: writeInstant(record.authoredOn),
    lastModified: writeInstant(record.lastModified),
    requester: { type: 'Device', display: 'Bryggan' },
    owner: reference('Organization', duty.owner),
    reasonReference: reference('MessageHeader', duty.statedBy),
    restriction: { period: { end: writeInstant(duty.due) } },
  };
}

const isTask = (value: unknown): value is Task =>
  typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'Task';
const isTaskCode = (code: string | undefined): code is TaskCode => TASK_CODES.some((known) => known === code);
const isStatus = (status: string): status is TaskRecord['status'] =>
  status === 'requested' || status === 'completed' || status === 'cancelled';

/** What a Task's record says, or where it is unreadable. Never throws, whatever the value is. */
export function readTask(value: unknown): TaskRecord | Unreadable {
  return reading('task', () => {
    const task = isTask(value) ? value : missing('Task');
    const { status, meta } = task;
    return {
      id: required(task.id, 'id'),
      stayId: required(idIn('Encounter', task.encounter), 'encounter'),
      duty: dutyOf(task),
      status: isStatus(status) ? status : missing('status'),
      authoredOn: readInstant(task.authoredOn, 'authoredOn'),
      lastModified: readInstant(task.lastModified, 'lastModified'),
      ...(meta?.versionId === undefined ? {} : { version: Number(meta.versionId) }),
    };
  });
}

function dutyOf(task: Task): Duty {
  const code = task.code?.coding?.[0]?.code;
  const protection = protectionOf(task.meta);
  return {
    code: isTaskCode(code) ? code : missing('code'),
    occasion: task.identifier?.[0]?.value ?? '',
    owner: required(idIn('Organization', task.owner), 'owner'),
    since: readInstant(task.executionPeriod?.start, 'executionPeriod'),
    statedBy: required(idIn('MessageHeader', task.reasonReference), 'reasonReference'),
    due: readInstant(task.restriction?.period?.end, 'restriction'),
    text: required(task.description, 'description'),
    ...(protection === undefined ? {} : { protection }),
  };
}
