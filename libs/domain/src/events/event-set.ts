import type { EventOrigin } from './event-origin.ts';
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
