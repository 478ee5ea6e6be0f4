import type { Duty, Instant } from '#libs/domain';

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
