import {
  escalatesAt,
  escalationSteps,
  localDate,
  OPERATOR,
  warningOf,
  type Duty,
  type History,
  type Instant,
  type Parameters,
  type Pending,
} from '#libs/domain';
import type { TaskRecord } from '#libs/fhir';

/**
 * Tasks that are given at an hour, because nothing has come by then; those that a message makes at once are the router's.
 *
 *   the second Task for a ground that nobody stated (DEC-06: "at once and again before the deadline")
 *   a duty that is one only from an hour on, such as that nobody has arrived after a transfer (DEC-31)
 *   a Task that its owner has not done some hours before its deadline, for whom it goes on to (`acts/escalation.ts`)
 *   the warning of a deadline that will pass, to the one who can still act: so that no deviation comes of it
 *
 *   waiting    the duty stands, and the watermark has not passed its hour
 *   requested  it has, and the duty still stands
 *   completed  nothing makes the duty any more; requested again should it come back
 */
export interface TimedTasksOf {
  readonly stayId: string;
  readonly watermark: Instant;
  readonly now: Instant;
  readonly parameters: (date: string) => Parameters;
  /** True when the stay never was: then the Task is cancelled, not completed. */
  readonly cancelled: boolean;
  /** The organisation of the sender, which owns its wards' Tasks. */
  readonly ward: string;
  readonly idOf: (duty: Duty) => string;
}

export interface TimedTasks {
  readonly changed: readonly TaskRecord[];
  /** When a waiting one has to be given. */
  readonly timers: readonly Instant[];
}

/** A duty with the hour from which it is a Task. */
interface Timed {
  readonly duty: Duty;
  readonly at: Instant;
  /** From then on it is not given any more; what was given stands until nothing makes the duty. */
  readonly until: Instant;
}

/** What has to be said of the stay's timed Tasks, given its duties and what was said before. */
export function timedTasksOf(duties: readonly Duty[], given: readonly TaskRecord[], of: TimedTasksOf): TimedTasks {
  const timed = duties.flatMap((duty) => timedOf(duty, of));
  const timers = timed.map(({ at }) => at).filter((at) => at > of.watermark);
  // As of most stays: nothing was given, and each still waits.
  if (given.length === 0 && timers.length === timed.length) return { changed: [], timers };
  const known = new Map(given.map((task) => [task.id, task]));
  const isOpen = ({ duty, at, until }: Timed): boolean =>
    at <= of.watermark && (of.watermark < until || known.get(of.idOf(duty))?.status === 'requested');
  const open = new Map(timed.filter(isOpen).map(({ duty }) => [of.idOf(duty), duty]));
  const requested = [...open]
    .filter(([id, duty]) => !isGivenSo(known.get(id), duty))
    .map(([id, duty]) => next(known.get(id), id, duty, 'requested', of));
  const ended = given
    .filter((task) => task.status === 'requested' && !open.has(task.id))
    .map((task) => next(task, task.id, task.duty, of.cancelled ? 'cancelled' : 'completed', of));
  return { changed: [...ended, ...requested], timers };
}

function timedOf(duty: Duty, of: TimedTasksOf): Timed[] {
  // One that is given at an hour goes to all whom it concerns at once.
  return duty.from === undefined ? [...ofItsHour(duty, of), ...escalated(duty, of)] : ofItsHour(duty, of);
}

function ofItsHour(duty: Duty, { parameters }: TimedTasksOf): Timed[] {
  const { from, since, due } = duty;
  // A warning is one until the deadline; after it stands the deviation.
  if (duty.code === 'WARNING' && from !== undefined) return [{ duty, at: from, until: due }];
  if (from !== undefined) {
    return [{ duty, at: from + parameters(localDate(from)).grace, until: Infinity }];
  }
  if (duty.code !== 'STATE-GROUND') return [];
  // After the deadline nothing is left to remind of.
  return [{ duty: asReminder(duty), at: remindAt(duty, parameters(localDate(since)).reminderLead), until: due }];
}

function escalated(duty: Duty, { idOf, ward }: TimedTasksOf): Timed[] {
  const { code, occasion, owner, since, due, waiting, ...rest } = duty;
  return escalationSteps(code, localDate(since)).map((step) => {
    const [to, text] = {
      again: [owner, `${step.text} Uppgift ${idOf(duty)}. ${duty.text}`] as const,
      operator: [OPERATOR, `${step.text} Uppgift ${idOf(duty)}.`] as const,
      ward: [ward, step.text] as const,
    }[step.to];
    const named = { code, occasion: `${occasion}:${step.to}`, owner: to, since, due };
    const again = step.to === 'again' && waiting ? { waiting } : {};
    // Also of one that was late when it was given, or that the hub sees late: nobody has done it, so somebody else is told.
    return { duty: { ...rest, ...named, ...again, text }, at: escalatesAt(step, since, due), until: Infinity };
  });
}

/**
 * The warnings of what will be a deviation if nothing comes: each to the party that it would be attributed to.
 * @param parameters the row in force when a duty began says what share of its time is left at the warning
 */
export function warningsOf(
  pending: readonly Pending[],
  { stay }: Pick<History, 'stay'>,
  parameters: (date: string) => Parameters,
): Duty[] {
  return pending.flatMap(({ deviation, begins, warnAt }) => {
    const { code, occasion, party: owner, due, evidence } = deviation;
    const [text, statedBy] = [warningOf(code), evidence[0]];
    if (text === undefined || statedBy === undefined) return [];
    const share = (due - begins) * parameters(localDate(begins)).warningShare;
    const from = warnAt ?? Math.floor(due - share);
    return [
      {
        ...{ code: 'WARNING', occasion: `${code}|${occasion}`, owner, since: begins, statedBy, due, from },
        text: `Snart förfaller: ${text}`,
        ...(stay.protection && { protection: stay.protection }),
      },
    ];
  });
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
  of: TimedTasksOf,
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
