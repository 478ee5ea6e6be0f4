import type { Instant } from '../time/time.ts';
import { CANCELS } from './course.ts';
import { compareByTime, compareByWord, inOrder, insertInOrder, LatestNamed } from './order.ts';
import { isSameValue } from './same-value.ts';
import type { StayEvent } from './stay-event.ts';

/** Where an event stands in the order of time: one that cancels nothing by itself, a cancellation right after another. */
export interface Place {
  /** The event itself; of a cancellation the one that it stands after, undefined before all others. */
  readonly by: StayEvent | undefined;
  readonly cancellation?: StayEvent;
}

/** Compares places among the same events. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.by !== b.by) {
    const byTime = !a.by ? -1 : !b.by ? 1 : compareByTime(a.by, b.by);
    if (byTime !== 0) return byTime;
  }
  if (!a.cancellation || !b.cancellation) return (a.cancellation ? 1 : 0) - (b.cancellation ? 1 : 0);
  return compareByWord(a.cancellation, b.cancellation);
}

export interface Placed {
  readonly event: StayEvent;
  readonly place: Place;
}

/**
 * The order of time (`inOrder`) of a stay that grows: tells where one more event stands, without a look at all the others, as
 * long as it moves none of them. Only cancellations are ever moved: by what they cancel, when that comes after them.
 */
export class OrderOfTime {
  /** The latest by time of those that cancel nothing. */
  #last: StayEvent | undefined;
  readonly #named = new LatestNamed();
  #lastWord: StayEvent | undefined;
  /** By word. */
  readonly #cancellations: Placed[] = [];
  /** Latest sent time of a cancellation whose target never came: it stands after whatever lies before that. */
  #lostAt: Instant = -Infinity;

  /** The events of one stay by time, and where each stands: to be taken in this order. */
  static placed(events: readonly StayEvent[]): Placed[] {
    let by: StayEvent | undefined;
    return inOrder(events).map((event) => {
      if (CANCELS[event.course]) return { event, place: { by, cancellation: event } };
      by = event;
      return { event, place: { by } };
    });
  }

  /** @returns undefined when the event moves another, or only a look at all tells where it stands */
  placeOf(event: StayEvent): Place | undefined {
    const isLastWord = this.#lastWord === undefined || compareByWord(this.#lastWord, event) < 0;
    if (!CANCELS[event.course]) {
      const moves = (!event.beside && event.at <= this.#lostAt) || (!isLastWord && this.#isMeantBySome(event));
      return moves ? undefined : { by: event };
    }
    if (!isLastWord) return undefined;
    const target = this.#named.by(event);
    if (target) return { by: target, cancellation: event };
    const last = this.#last;
    return !last || (!last.beside && last.at <= event.sentAt) ? { by: last, cancellation: event } : undefined;
  }

  /** Takes one more event. */
  take(event: StayEvent, place: Place): void {
    if (!this.#lastWord || compareByWord(this.#lastWord, event) < 0) this.#lastWord = event;
    if (CANCELS[event.course]) {
      this.#takeCancellation({ event, place });
      return;
    }
    if (!this.#last || compareByTime(this.#last, event) < 0) this.#last = event;
    this.#named.take(event);
  }

  #takeCancellation(placed: Placed): void {
    const { event, place } = placed;
    if (!place.by || !isNamedBy(event, place.by)) this.#lostAt = Math.max(this.#lostAt, event.sentAt);
    insertInOrder(this.#cancellations, placed, (a, b) => compareByWord(a.event, b.event));
  }

  /** True when a cancellation that was said later would stand after this event instead. */
  #isMeantBySome(event: StayEvent): boolean {
    for (let index = this.#cancellations.length - 1; index >= 0; index--) {
      const one = this.#cancellations[index];
      if (!one || compareByWord(one.event, event) < 0) return false;
      const { by } = one.place;
      if (isNamedBy(one.event, event) && (!by || !isNamedBy(one.event, by) || compareByTime(by, event) < 0))
        return true;
    }
    return false;
  }
}

/** True when a cancellation may take this event back: it is of such a course, and was said before it. */
function isNamedBy(cancellation: StayEvent, event: StayEvent): boolean {
  return CANCELS[cancellation.course]?.includes(event.course) === true && compareByWord(event, cancellation) < 0;
}

/** What was said, and where that stands in the order of time. */
export interface Said<T> {
  readonly value: T;
  readonly place: Place;
}

/** The latest by time that was said of one thing, in whatever order it is taken. */
export class Latest<T> {
  #value: T | undefined;
  #place: Place | undefined;

  /** What says the same as what stands leaves the very same value. @returns true when another stands now */
  take(value: T, place: Place): boolean {
    if (this.#place && comparePlaces(this.#place, place) >= 0) return false;
    const isSame = this.#place !== undefined && isSameValue(this.#value, value);
    this.#place = place;
    if (!isSame) this.#value = value;
    return !isSame;
  }

  get value(): T | undefined {
    return this.#value;
  }
}

/** Of each of several things the latest by time. */
export class LatestOfEach<Name, T> {
  readonly #said = new Map<Name, Latest<T>>();

  /** @returns true when another stands now of that name */
  take(name: Name, value: T, place: Place): boolean {
    const known = this.#said.get(name);
    if (known) return known.take(value, place);
    const first = new Latest<T>();
    this.#said.set(name, first);
    return first.take(value, place);
  }

  /** Those that were said, in the order in which they were first taken. */
  entries(): [Name, T][] {
    return [...this.#said].map(([name, latest]) => [name, latest.value as T]);
  }
}
