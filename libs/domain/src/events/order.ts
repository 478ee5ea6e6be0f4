import type { Instant } from '../time/time.ts';
import { CANCELS, COURSE_RANK, type Course } from './course.ts';
import type { StayEvent } from './stay-event.ts';

/**
 * The two orders of a stay's events, whatever the order they came in.
 *
 *   by time  time of the event, sent time, rank of the course, stamp of intake, event id (architecture 2.5, DEC-20); a
 *            cancellation stands right after what it cancels, because its own EVN-6 is the time of what is cancelled
 *   by word  sent time, stamp of intake, event id: who spoke last, where a later word takes back an earlier one
 *            (DEC-15, DEC-18, DEC-19, DEC-24)
 *
 * What is read in the order of time is the state: which address, which expected discharge. What is read in the order of
 * word is whether an earlier message still counts.
 */

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares by word. Every two events differ, so it is a total order. */
export function compareByWord(a: StayEvent, b: StayEvent): number {
  return a.sentAt - b.sentAt || a.intakeStamp - b.intakeStamp || compareIds(a.eventId, b.eventId);
}

/** Compares by time events that cancel nothing. */
export function compareByTime(a: StayEvent, b: StayEvent): number {
  return (
    a.at - b.at ||
    a.sentAt - b.sentAt ||
    COURSE_RANK[a.course] - COURSE_RANK[b.course] ||
    a.intakeStamp - b.intakeStamp ||
    compareIds(a.eventId, b.eventId)
  );
}

/** Compares by when they were taken in. */
export function compareByIntake(a: StayEvent, b: StayEvent): number {
  return a.intakeAt - b.intakeAt || a.intakeStamp - b.intakeStamp || compareIds(a.eventId, b.eventId);
}

/** The events of one stay as they were taken in. */
export function byIntake(events: readonly StayEvent[]): StayEvent[] {
  return [...events].sort(compareByIntake);
}

/** The events of one stay by word. */
export function byWord(events: readonly StayEvent[]): StayEvent[] {
  return [...events].sort(compareByWord);
}

/** The events of one stay by time. */
export function inOrder(events: readonly StayEvent[]): StayEvent[] {
  const plain = events.filter((event) => !CANCELS[event.course]).sort(compareByTime);
  if (plain.length === events.length) return plain;
  const own = plain.filter((event) => !event.beside);
  const named = new LatestNamed();
  const after = new Map<StayEvent | undefined, StayEvent[]>();
  for (const event of byWord(events)) {
    if (!CANCELS[event.course]) {
      named.take(event);
      continue;
    }
    const target = named.by(event) ?? latestBefore(event.sentAt, own);
    const waiting = after.get(target);
    if (waiting) waiting.push(event);
    else after.set(target, [event]);
  }
  return [...(after.get(undefined) ?? []), ...plain.flatMap((event) => [event, ...(after.get(event) ?? [])])];
}

/** Of the events taken, those that cancel nothing: which of them a cancellation names, that is said after all of them. */
export class LatestNamed {
  /** Of each course the latest by time. */
  readonly #latest = new Map<Course, StayEvent>();

  take(event: StayEvent): void {
    const latest = this.#latest.get(event.course);
    if (!latest || compareByTime(latest, event) < 0) this.#latest.set(event.course, event);
  }

  by(cancellation: StayEvent): StayEvent | undefined {
    const named = (CANCELS[cancellation.course] ?? []).flatMap((course) => this.#latest.get(course) ?? []);
    return named.sort(compareByTime).at(-1);
  }
}

/**
 * Where a cancellation stands whose target never came: by its sent time among the stay's own messages. What is said beside the
 * stay is not one of them, or it would change which of two cancellations comes first.
 * @param own by time
 */
function latestBefore(sentAt: Instant, own: readonly StayEvent[]): StayEvent | undefined {
  return own[leading(own, ({ at }) => at <= sentAt) - 1];
}

/**
 * Puts an item where it belongs among items that are in order; after those of its own rank.
 * @returns its index
 */
export function insertInOrder<T>(all: T[], item: T, compare: (a: T, b: T) => number): number {
  const place = placesUpTo(all, item, compare);
  putAt(all, place, item);
  return place;
}

/** Puts an item at an index; nearly always it is the end. */
export function putAt<T>(all: T[], index: number, item: T): void {
  if (index === all.length) all.push(item);
  else all.splice(index, 0, item);
}

/** How many items, of those that are in order, stand before an item or are of its rank. */
export function placesUpTo<T>(all: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  return leading(all, (other) => compare(other, item) <= 0);
}

/** How many items something is true of, where these stand before all others. */
function leading<T>(all: readonly T[], isTrue: (item: T) => boolean): number {
  let [from, to] = [0, all.length];
  // Nearly always it is all of them: what comes is the last.
  const last = all.at(-1);
  if (last === undefined || isTrue(last)) return to;
  while (from < to) {
    const middle = (from + to) >> 1;
    const item = all[middle];
    if (item !== undefined && isTrue(item)) from = middle + 1;
    else to = middle;
  }
  return from;
}
