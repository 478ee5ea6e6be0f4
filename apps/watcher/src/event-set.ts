import type { Instant, StayEvent } from '#libs/domain';

/** An event with when its record was published: for events of one intake, that tells which came later. */
export interface KeptEvent {
  readonly event: StayEvent;
  readonly publishedAt: Instant;
}

/** What a newly read event changes among the events of its inbound message. */
export interface SetChange {
  readonly put: readonly KeptEvent[];
  readonly removed: readonly KeptEvent[];
}

/**
 * Takes an event into the set of its inbound message (architecture 2.5). However often and in whatever order the copies
 * come, the set ends the same: all events of the highest revision, with the earliest intake that any copy had.
 *
 *   higher revision   replaces every event of the message
 *   same revision     another ordinal joins the set; the same event again is a duplicate
 *   lower revision    a duplicate
 *
 * @param known the events of the same inbound id, all of one revision
 * @returns undefined when nothing changes
 */
export function absorbed(known: readonly KeptEvent[], next: KeptEvent): SetChange | undefined {
  const { event } = next;
  const revision = known[0]?.event.revision ?? -Infinity;
  const intakeAt = Math.min(event.intakeAt, ...known.map((one) => one.event.intakeAt));
  const replaces = event.revision > revision;
  const isDuplicate = !replaces && (event.revision < revision || known.some(hasIdOf(event)));
  const kept = replaces ? [] : known;
  const put = [...kept, ...(isDuplicate ? [] : [next])]
    .map((one) => takenInAt(one, intakeAt))
    .filter((one) => !known.includes(one));
  if (put.length === 0) return undefined;
  const ids = new Set(put.map((one) => one.event.eventId));
  return { put, removed: replaces ? known.filter((one) => !ids.has(one.event.eventId)) : [] };
}

const hasIdOf =
  (event: StayEvent) =>
  (one: KeptEvent): boolean =>
    one.event.eventId === event.eventId;

/** A message has one time of intake: of duplicates the earliest (architecture 7). */
function takenInAt(kept: KeptEvent, intakeAt: Instant): KeptEvent {
  return kept.event.intakeAt === intakeAt ? kept : { ...kept, event: { ...kept.event, intakeAt } };
}
