import type { Duty, Instant } from '#libs/domain';
import type { TaskRecord } from '#libs/fhir';

/**
 * The second Task for a ground that nobody stated (DEC-06: "at once and again before the deadline"). The first one, at
 * once, is the router's.
 *
 *   waiting    the duty stands, its hour has not come
 *   requested  the hour has come and the duty still stands
 *   completed  the duty is gone; requested again should it come back
 */
export interface RemindersOf {
  readonly stayId: string;
  readonly watermark: Instant;
  readonly now: Instant;
  /** How long before the deadline, ms. */
  readonly lead: number;
  /** True when the stay never was: then the Task is cancelled, not completed. */
  readonly cancelled: boolean;
  readonly idOf: (occasion: string) => string;
}

export interface Reminders {
  readonly changed: readonly TaskRecord[];
  /** When a waiting one has to be given. */
  readonly timers: readonly Instant[];
}

/** What has to be said of the stay's reminders, given its duties and what was said before. */
export function remindersOf(duties: readonly Duty[], given: readonly TaskRecord[], of: RemindersOf): Reminders {
  const standing = duties.filter((duty) => duty.code === 'STATE-GROUND').map(asReminder);
  const known = new Map(given.map((task) => [task.id, task]));
  const isOpen = (duty: Duty): boolean =>
    remindAt(duty, of.lead) <= of.watermark &&
    // After the deadline nothing is left to remind of; what was given before stays until the duty is gone.
    (of.watermark < duty.due || known.get(of.idOf(duty.occasion))?.status === 'requested');
  const open = new Map(standing.filter(isOpen).map((duty) => [of.idOf(duty.occasion), duty]));
  const requested = [...open]
    .filter(([id, duty]) => !isGivenSo(known.get(id), duty))
    .map(([id, duty]) => next(known.get(id), id, duty, 'requested', of));
  const gone = given
    .filter((task) => task.status === 'requested' && !open.has(task.id))
    .map((task) => next(task, task.id, task.duty, of.cancelled ? 'cancelled' : 'completed', of));
  const timers = standing.map((duty) => remindAt(duty, of.lead)).filter((at) => at > of.watermark);
  return { changed: [...gone, ...requested], timers };
}

/** A deadline nearer than the lead is reminded of half-way: at once would only repeat the first Task. */
function remindAt(duty: Duty, lead: number): Instant {
  return Math.max(duty.due - lead, Math.floor((duty.since + Math.max(duty.due, duty.since)) / 2));
}

function asReminder(duty: Duty): Duty {
  return { ...duty, occasion: `${duty.occasion}:reminder`, text: `Påminnelse. ${duty.text}` };
}

function next(
  before: TaskRecord | undefined,
  id: string,
  duty: Duty,
  status: TaskRecord['status'],
  of: RemindersOf,
): TaskRecord {
  return {
    id,
    stayId: of.stayId,
    duty,
    status,
    authoredOn: before?.authoredOn ?? of.now,
    lastModified: of.now,
    version: (before?.version ?? 0) + 1,
  };
}

function isGivenSo(task: TaskRecord | undefined, duty: Duty): boolean {
  return task?.status === 'requested' && task.duty.due === duty.due && task.duty.protection === duty.protection;
}
