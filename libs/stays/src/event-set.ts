import { absorb, type Instant, type PersonEvent, type StayEvent } from '#libs/domain';

/** An event with when its record was published: of two events of one intake, that tells which came later. */
export interface KeptEvent {
  readonly event: StayEvent;
  readonly publishedAt: Instant;
}

/** What a newly read event changes. */
export interface SetChange {
  /** Events that are new, or in another version. */
  readonly put: readonly KeptEvent[];
  /** What was known before and is not so any more: events that are no more, and the earlier versions of those put. */
  readonly removed: readonly KeptEvent[];
}

/**
 * The events of all stays that a batch touches, by stay and by inbound message. Events go in one by one, in the order of the
 * log (architecture 2.5); what differs from what was stored has to be written when the batch is through.
 *
 * A mended translation replaces all events of its message and may put them into another stay, or another patient's: both
 * stays are changed by that. So the same event id may be removed from one stay and put into another within a batch, and what
 * is to be removed from the table is only what is not put again.
 */
export class EventSet {
  readonly #byStay = new Map<string, Map<string, KeptEvent>>();
  readonly #byInbound = new Map<string, readonly KeptEvent[]>();
  readonly #put = new Map<string, KeptEvent>();
  readonly #removed = new Set<string>();

  /** @param stored the events of the locked stays */
  constructor(stored: Iterable<KeptEvent> = []) {
    const all = [...stored];
    for (const kept of all) this.#ofStay(kept.event.stayId).set(kept.event.eventId, kept);
    for (const [inboundId, same] of Map.groupBy(all, ({ event }) => event.inboundId))
      this.#byInbound.set(inboundId, same);
  }

  /** The events of a stay as they are now, by event id. The map follows later changes. */
  ofStay(stayId: string): ReadonlyMap<string, KeptEvent> {
    return this.#ofStay(stayId);
  }

  /** True when some event of the inbound message is known. */
  knows(inboundId: string): boolean {
    return (this.#byInbound.get(inboundId)?.length ?? 0) > 0;
  }

  /**
   * Takes an event into the set of its inbound message, as `absorb` of the domain does; a reading that was kept keeps when
   * it was published.
   * @returns undefined when nothing changes: the event is a duplicate
   */
  take(next: KeptEvent): SetChange | undefined {
    const { inboundId } = next.event;
    const known = this.#byInbound.get(inboundId) ?? [];
    if (known.length === 0) {
      const put = [next];
      this.#enter(next);
      this.#byInbound.set(inboundId, put);
      return { put, removed: [] };
    }
    const absorbed = absorb(
      known.map(({ event }) => event),
      next.event,
    );
    if (!absorbed) return undefined;
    const before = new Map(known.map((kept) => [kept.event, kept]));
    const byId = new Map(known.map((kept) => [kept.event.eventId, kept]));
    const put = absorbed.put.map((event) => {
      const same = byId.get(event.eventId);
      return { event, publishedAt: same?.event.revision === event.revision ? same.publishedAt : next.publishedAt };
    });
    const fresh = new Map(put.map((kept) => [kept.event, kept]));
    const removed = absorbed.removed.flatMap((event) => before.get(event) ?? []);
    for (const kept of removed) this.#remove(kept);
    for (const kept of put) this.#enter(kept);
    this.#byInbound.set(
      inboundId,
      absorbed.events.flatMap((event) => fresh.get(event) ?? before.get(event) ?? []),
    );
    return { put, removed };
  }

  /** True when the message has been read as one about a stay since: what a reading before that says is as good as a duplicate. */
  hasLaterThan({ inboundId, revision }: PersonEvent): boolean {
    const known = this.#byInbound.get(inboundId) ?? [];
    return known.some(({ event }) => !event.beside && event.revision > revision);
  }

  /** A mended agreement reads a message as one about a person: what was read of it for stays never was. */
  takeAway({ inboundId, revision }: PersonEvent): SetChange {
    const known = this.#byInbound.get(inboundId) ?? [];
    const removed = known.filter(({ event }) => !event.beside && event.revision < revision);
    for (const kept of removed) this.#remove(kept);
    this.#byInbound.set(
      inboundId,
      known.filter((kept) => !removed.includes(kept)),
    );
    return { put: [], removed };
  }

  /**
   * Puts events into one stay and takes others out, which say of its person what was said beside it (`PersonEvents`). They go
   * with their inbound message: a later reading of that which is about a stay takes them away.
   */
  change({ put, removed }: SetChange): void {
    for (const kept of removed) this.#remove(kept);
    for (const kept of put) this.#enter(kept);
    for (const inboundId of new Set([...removed, ...put].map(({ event }) => event.inboundId))) {
      const gone = new Set(removed.map(({ event }) => event.eventId));
      const fresh = put.filter(({ event }) => event.inboundId === inboundId);
      for (const { event } of fresh) gone.add(event.eventId);
      const left = (this.#byInbound.get(inboundId) ?? []).filter(({ event }) => !gone.has(event.eventId));
      this.#byInbound.set(inboundId, [...left, ...fresh]);
    }
  }

  /** Puts every event into the stay that it is of by what the operator has joined. */
  rejoin(read: (event: StayEvent) => StayEvent): SetChange {
    const removed: KeptEvent[] = [];
    const put: KeptEvent[] = [];
    for (const kept of [...this.#byStay.values()].flatMap((events) => [...events.values()])) {
      const event = read(kept.event);
      if (event === kept.event) continue;
      removed.push(kept);
      put.push({ ...kept, event });
    }
    this.change({ put, removed });
    return { put, removed };
  }

  /** What has to be written: the events to be put, and the ids of those to be removed. */
  changes(): { readonly put: readonly KeptEvent[]; readonly removed: readonly string[] } {
    return { put: [...this.#put.values()], removed: [...this.#removed] };
  }

  #enter(kept: KeptEvent): void {
    const { eventId, stayId } = kept.event;
    this.#removed.delete(eventId);
    this.#put.set(eventId, kept);
    this.#ofStay(stayId).set(eventId, kept);
  }

  #remove({ event: { eventId, stayId } }: KeptEvent): void {
    this.#put.delete(eventId);
    this.#removed.add(eventId);
    this.#ofStay(stayId).delete(eventId);
  }

  #ofStay(stayId: string): Map<string, KeptEvent> {
    const known = this.#byStay.get(stayId);
    if (known) return known;
    const made = new Map<string, KeptEvent>();
    this.#byStay.set(stayId, made);
    return made;
  }
}
