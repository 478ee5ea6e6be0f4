import { absorb, type Instant, type StayEvent } from '#libs/domain';

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
 * Takes an event into the set of its inbound message, as {@link absorb} does; a reading that was kept keeps its publication.
 * @param known the events of the same inbound id, all of one revision
 * @returns undefined when nothing changes
 */
export function absorbed(known: readonly KeptEvent[], next: KeptEvent): SetChange | undefined {
  const change = absorb(
    known.map(({ event }) => event),
    next.event,
  );
  if (!change) return undefined;
  const before = new Map(known.map((kept) => [kept.event.eventId, kept]));
  const ids = new Set(change.put.map(({ eventId }) => eventId));
  return {
    put: change.put.map((event) => {
      const same = before.get(event.eventId);
      return { event, publishedAt: same?.event.revision === event.revision ? same.publishedAt : next.publishedAt };
    }),
    removed: known.filter(({ event }) => change.removed.includes(event) && !ids.has(event.eventId)),
  };
}
