import type { StayEvent } from '#libs/domain';

/** An event as the view keeps it: with PV1-19, and without the facts, which no sender's Encounter needs. */
export interface KeptEvent {
  readonly event: StayEvent;
  readonly visitId: string | undefined;
}

/**
 * The set of events that the sender's view folds (architecture 2.5). Events are grouped by their inbound message: a higher
 * revision replaces all of it, a lower one is a duplicate, and so is the same event again.
 */
export class EventSet {
  readonly #byInbound = new Map<string, KeptEvent[]>();
  readonly #known: ReadonlyMap<string, number>;

  /** In: the events that are stored of the stays and inbound messages at hand. */
  constructor(stored: readonly KeptEvent[]) {
    for (const kept of stored) this.#of(kept).push(kept);
    this.#known = new Map(stored.map(({ event }) => [event.eventId, event.revision]));
  }

  /** @returns false for a duplicate, which changes nothing */
  add(kept: KeptEvent): boolean {
    const { event } = kept;
    const siblings = this.#of(kept);
    const revision = siblings[0]?.event.revision ?? -Infinity;
    if (event.revision < revision) return false;
    if (event.revision > revision) siblings.length = 0;
    else if (siblings.some((one) => one.event.eventId === event.eventId)) return false;
    siblings.push(kept);
    return true;
  }

  /** The events of each stay. */
  stays(): Map<string, KeptEvent[]> {
    return Map.groupBy([...this.#byInbound.values()].flat(), ({ event }) => event.stayId);
  }

  /** Events that are not stored yet, or in another revision. */
  put(): KeptEvent[] {
    return [...this.#byInbound.values()]
      .flat()
      .filter(({ event }) => this.#known.get(event.eventId) !== event.revision);
  }

  /** Ids of stored events that are no more. */
  removed(): string[] {
    const present = new Set([...this.#byInbound.values()].flat().map(({ event }) => event.eventId));
    return [...this.#known.keys()].filter((id) => !present.has(id));
  }

  #of({ event }: KeptEvent): KeptEvent[] {
    const siblings = this.#byInbound.get(event.inboundId) ?? [];
    this.#byInbound.set(event.inboundId, siblings);
    return siblings;
  }
}
