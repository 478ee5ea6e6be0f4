import type { EventOrigin } from './event-origin.ts';
import { comparePlaces, OrderOfTime, type Place } from './order-of-time.ts';
import { inOrder, placesUpTo, putAt } from './order.ts';
import type { StayEvent } from './stay-event.ts';

/** What a newly read event does to the events known of its inbound message. */
export interface Absorbed<Event extends EventOrigin = StayEvent> {
  /** The events of the inbound message from now on. */
  readonly events: readonly Event[];
  /** Events that were put in anew or in another version. */
  readonly put: readonly Event[];
  /** Events that are no more, or that `put` has another version of (perhaps of another stay or patient). */
  readonly removed: readonly Event[];
}

/**
 * Takes an event into the set of its inbound message (architecture 2.5). Whatever the order and however often each comes,
 * the set ends the same: the events of the highest revision, each with the earliest intake that any copy had.
 *
 *   higher revision   replaces all events of the inbound message
 *   lower revision    is a duplicate
 *   same revision     another ordinal joins; the same event again is a duplicate
 *
 * @param known events of the same inbound id, all of one revision
 * @returns undefined when nothing changes: the event is a duplicate
 */
export function absorb<Event extends EventOrigin>(known: readonly Event[], event: Event): Absorbed<Event> | undefined {
  const all = [event, ...known];
  const intakeAt = Math.min(...all.map((one) => one.intakeAt));
  const intakeStamp = Math.min(...all.map((one) => one.intakeStamp));
  const revision = known[0]?.revision ?? -Infinity;
  const isNew =
    event.revision > revision ||
    (event.revision === revision && !known.some(({ eventId }) => eventId === event.eventId));
  const kept = event.revision > revision ? [] : known;
  const events = [...kept, ...(isNew ? [event] : [])].map((one) =>
    one.intakeAt === intakeAt && one.intakeStamp === intakeStamp ? one : { ...one, intakeAt, intakeStamp },
  );
  const before = new Set(known);
  const put = events.filter((one) => !before.has(one));
  if (put.length === 0) return undefined;
  return { events, put, removed: known.filter((one) => !events.includes(one)) };
}

/** Events in order of intake; what came at one instant, in the total order of the stay (a group commit has one instant). */
export function inIntakeOrder(events: readonly StayEvent[]): StayEvent[] {
  return inOrder(events).sort((a, b) => a.intakeAt - b.intakeAt);
}

/**
 * The events of one stay in the order of intake, as they come, go and are mended. One that was taken in last, as nearly all
 * are, is put in its place without a look at the others.
 */
export class IntakeSequence {
  readonly #byId = new Map<string, StayEvent>();
  #sequence: StayEvent[] = [];
  #isSorted = true;
  #start = Symbol('start');
  /** How many of the sequence have been read: among those that nobody has read yet, the order may still change. */
  #read = 0;
  #order = new OrderOfTime();
  /** Where those of the last instant stand in the order of time. */
  #places: Place[] = [];

  /** @param events in whatever order */
  constructor(events: Iterable<StayEvent> = []) {
    for (const event of events) this.put(event);
  }

  /** By event id. */
  get byId(): ReadonlyMap<string, StayEvent> {
    return this.#byId;
  }

  /** In the order of intake. Grows when more is put in: who keeps it keeps a copy. */
  get events(): readonly StayEvent[] {
    this.#sort();
    this.#read = this.#sequence.length;
    return this.#sequence;
  }

  /** Another one each time that what was read of the events has changed: as long as it is the same, there are only more at the end. */
  get start(): symbol {
    this.#sort();
    return this.#start;
  }

  /** Puts an event in, in place of one with the same id. */
  put(event: StayEvent): void {
    const isNew = !this.#byId.has(event.eventId);
    this.#byId.set(event.eventId, event);
    this.#isSorted &&= isNew && this.#insert(event);
  }

  /** Takes an event out. */
  drop(eventId: string): void {
    if (this.#byId.delete(eventId)) this.#isSorted = false;
  }

  /** @returns false when it belongs before something that has been read, or moves another by time */
  #insert(event: StayEvent): boolean {
    const last = this.#sequence.at(-1)?.intakeAt ?? -Infinity;
    const place = event.intakeAt < last ? undefined : this.#order.placeOf(event);
    if (!place) return false;
    if (event.intakeAt > last) this.#places = [];
    const before = this.#sequence.length - this.#places.length;
    const index = placesUpTo(this.#places, place, comparePlaces);
    if (before + index < this.#read) return false;
    this.#order.take(event, place);
    putAt(this.#places, index, place);
    putAt(this.#sequence, before + index, event);
    return true;
  }

  #sort(): void {
    if (this.#isSorted) return;
    const read = this.#sequence.slice(0, this.#read);
    const placed = OrderOfTime.placed([...this.#byId.values()]);
    this.#order = new OrderOfTime();
    for (const { event, place } of placed) this.#order.take(event, place);
    placed.sort((a, b) => a.event.intakeAt - b.event.intakeAt);
    this.#sequence = placed.map(({ event }) => event);
    const last = this.#sequence.at(-1)?.intakeAt;
    this.#places = placed.filter(({ event }) => event.intakeAt === last).map(({ place }) => place);
    this.#isSorted = true;
    if (read.some((event, index) => this.#sequence[index] !== event)) {
      this.#start = Symbol('start');
      this.#read = 0;
    }
  }
}
