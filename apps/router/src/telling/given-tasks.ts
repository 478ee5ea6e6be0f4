import type { Duty, Instant } from '#libs/domain';
import { writeTask } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace } from '#libs/platform';
import type { RoutingRules } from '../routing-rules.ts';

/**
 * A Task as the hub last gave it (contract 4).
 *
 *   requested   the duty stands; a changed clock or text is a new version of the same Task
 *   completed   nothing makes the duty any more
 *   cancelled   the stay never was
 *
 * completed, cancelled -> requested when the duty comes back.
 */
export interface GivenTask {
  readonly id: string;
  readonly stayId: string;
  readonly status: TaskStatus;
  readonly duty: Duty;
  readonly version: number;
  readonly lastModified: Instant;
}

export type TaskStatus = 'requested' | 'completed' | 'cancelled';

interface Circumstances {
  readonly stayId: string;
  readonly cancelled: boolean;
  readonly now: Instant;
  readonly idOf: (duty: Duty) => string;
}

/**
 * The Tasks that have to be given anew, so that what is requested is what the duties say.
 * @param given the stay's Tasks so far
 */
export function changedTasks(duties: readonly Duty[], given: readonly GivenTask[], of: Circumstances): GivenTask[] {
  const known = new Map(given.map((task) => [task.id, task]));
  const open = new Map(duties.map((duty) => [of.idOf(duty), duty]));
  const next = (before: GivenTask | undefined, id: string, duty: Duty, status: TaskStatus): GivenTask => ({
    id,
    stayId: of.stayId,
    status,
    duty,
    version: (before?.version ?? 0) + 1,
    lastModified: of.now,
  });
  const requested = [...open]
    .filter(([id, duty]) => !isGivenSo(known.get(id), duty))
    .map(([id, duty]) => next(known.get(id), id, duty, 'requested'));
  const ended = given
    .filter((task) => task.status === 'requested' && !open.has(task.id))
    .map((task) => next(task, task.id, task.duty, of.cancelled ? 'cancelled' : 'completed'));
  return [...ended, ...requested];
}

function isGivenSo(task: GivenTask | undefined, duty: Duty): boolean {
  if (task?.status !== 'requested') return false;
  const { due, text, owner, since, statedBy, protection } = task.duty;
  return (
    due === duty.due &&
    text === duty.text &&
    owner === duty.owner &&
    since === duty.since &&
    statedBy === duty.statedBy &&
    protection === duty.protection
  );
}

const TASKS_OF = `
select id, stay_id, status, version, last_modified, duty from task where stay_id = any($1::uuid[]) order by id`;

const PUT_TASKS = `
insert into task (id, stay_id, status, version, last_modified, duty)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::json[])
on conflict (id) do update set
  status = excluded.status, version = excluded.version, last_modified = excluded.last_modified, duty = excluded.duty`;

interface TaskRow {
  id: string;
  stay_id: string;
  status: TaskStatus;
  version: number;
  last_modified: string;
  duty: Duty;
}

/** The Tasks of these stays as last given. */
export async function tasksOf(tx: Pick<Tx, 'query'>, stayIds: readonly string[]): Promise<GivenTask[]> {
  const { rows } = await tx.query<TaskRow>({ name: 'router-tasks-of', text: TASKS_OF, values: [stayIds] });
  return rows.map(({ id, stay_id: stayId, status, version, last_modified, duty }) => ({
    id,
    stayId,
    status,
    version,
    lastModified: Number(last_modified),
    duty,
  }));
}

/** Writes Tasks as given now. */
export async function putTasks(tx: Tx, tasks: readonly GivenTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await tx.query({
    name: 'router-put-tasks',
    text: PUT_TASKS,
    values: [
      tasks.map((task) => task.id),
      tasks.map((task) => task.stayId),
      tasks.map((task) => task.status),
      tasks.map((task) => task.version),
      tasks.map((task) => task.lastModified),
      tasks.map((task) => JSON.stringify(task.duty)),
    ],
  });
}

/**
 * The record of `tasks` for a version of a Task. Each version has a record id of its own: readers drop by id, and the
 * Task's id is the same in all of them.
 */
export function taskRecord(task: GivenTask, traceparent: string, rules: RoutingRules): OutRecord {
  const { id, stayId, status, duty, version, lastModified } = task;
  return {
    topic: rules.topics.tasks,
    key: stayId,
    id: rules.ids.other('task-version', id, `${version}`),
    kind: 'task',
    schemaVersion: 1,
    traceparent: childTrace(traceparent),
    value: JSON.stringify(writeTask({ id, stayId, status, duty, version, lastModified, authoredOn: duty.since })),
  };
}
