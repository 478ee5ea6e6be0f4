import type { Duty } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { GivenTask, TaskStatus } from '../deciding/given-task.ts';

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
