import { createHash } from 'node:crypto';
import { absorb, inStay, isPartysOrOperators, type PersonEvent, type StayEvent } from '#libs/domain';

/** What has to change in a stay so that it holds what is said of its person: nothing else, and all of it. */
export interface BesideChange {
  readonly put: readonly StayEvent[];
  readonly removed: readonly StayEvent[];
}

/** What a word on persons comes to. */
export interface TakenWord {
  /** The ids of all persons whom it speaks of, or whom an earlier reading spoke of. */
  readonly persons: ReadonlySet<string>;
  /** It is new and makes nobody one with somebody else: the persons' stays can lack nothing but itself. */
  readonly isAlone: boolean;
}

/**
 * What was said of the persons of a batch beside any stay, and what the stays hold of it.
 *
 * A stay keeps what is said of its person among its own events, each under an id of its own (`Beside` of the domain): so a
 * stay is read, folded, kept in memory and judged by its events alone. A word goes into all stays of the person when it comes,
 * and into a stay that comes later with that stay's first event; who is merged with whom decides which stays those are.
 */
export class PersonEvents {
  readonly #byInbound = new Map<string, readonly PersonEvent[]>();
  readonly #put = new Map<string, PersonEvent>();
  readonly #removed = new Set<string>();

  /** @param stored what is known of all persons that the batch can touch */
  constructor(stored: Iterable<PersonEvent> = []) {
    for (const [inboundId, same] of Map.groupBy(stored, (event) => event.inboundId))
      this.#byInbound.set(inboundId, same);
  }

  get isEmpty(): boolean {
    return this.#byInbound.size === 0;
  }

  /** All that was said of these persons. */
  all(): readonly PersonEvent[] {
    return [...this.#byInbound.values()].flat();
  }

  /**
   * Takes an event into the set of its inbound message.
   * @returns undefined when it is a duplicate
   */
  take(event: PersonEvent): TakenWord | undefined {
    const absorbed = absorb(this.#byInbound.get(event.inboundId) ?? [], event);
    if (!absorbed) return undefined;
    for (const { eventId } of absorbed.removed) this.#remove(eventId);
    for (const one of absorbed.put) {
      this.#removed.delete(one.eventId);
      this.#put.set(one.eventId, one);
    }
    this.#byInbound.set(event.inboundId, absorbed.events);
    const persons = new Set([event, ...absorbed.removed].flatMap(({ patientIds }) => patientIds));
    return {
      persons,
      isAlone: absorbed.removed.length === 0 && !REACHING.has(event.says.kind),
    };
  }

  /** True when the message has been read as one about a person since. */
  hasLaterThan({ inboundId, revision }: StayEvent): boolean {
    return (this.#byInbound.get(inboundId) ?? []).some((event) => event.revision > revision);
  }

  /** A mended agreement reads the message as one about a stay: what was said of the person in it never was. */
  forget({ inboundId, revision }: StayEvent): void {
    const known = this.#byInbound.get(inboundId) ?? [];
    if (known.length === 0 || known.some((event) => event.revision >= revision)) return;
    for (const { eventId } of known) this.#remove(eventId);
    this.#byInbound.delete(inboundId);
  }

  /**
   * What a stay lacks, and what it holds that is not so any more.
   * @param events all that the stay holds
   * @param only a word, when the stay held all others before it came: only that is looked for then
   */
  missingIn(events: Iterable<StayEvent>, only?: PersonEvent): BesideChange {
    const own: StayEvent[] = [];
    const held = new Map<string, StayEvent>();
    for (const event of events) {
      if (!event.beside) own.push(event);
      else if (!isPartysOrOperators(event)) held.set(event.eventId, event);
    }
    if (own.length === 0) return { put: [], removed: [...held.values()] };
    const said = this.all();
    if (only) {
      const mergers = said.filter(({ says }) => says.kind === 'merged');
      const read = inStay(own, [...mergers, only], besideId).filter(({ inboundId }) => inboundId === only.inboundId);
      return { put: read.filter((event) => !isSame(held.get(event.eventId), event)), removed: [] };
    }
    const wanted = inStay(own, said, besideId);
    const put = wanted.filter((event) => !isSame(held.get(event.eventId), event));
    const all = new Set(wanted.map(({ eventId }) => eventId));
    return { put, removed: [...held.values()].filter(({ eventId }) => !all.has(eventId)) };
  }

  /** What has to be written. */
  changes(): { readonly put: readonly PersonEvent[]; readonly removed: readonly string[] } {
    return { put: [...this.#put.values()], removed: [...this.#removed] };
  }

  #remove(eventId: string): void {
    this.#put.delete(eventId);
    this.#removed.add(eventId);
  }
}

/** Words that change which other words a stay reads, or which events it has. */
const REACHING: ReadonlySet<PersonEvent['says']['kind']> = new Set(['merged', 'stays-joined', 'undone']);

/** The terms are those of the stay's first event: they count only while nothing else is taken in, and change nothing later. */
function isSame(held: StayEvent | undefined, wanted: StayEvent): boolean {
  return (
    held?.revision === wanted.revision && held.intakeAt === wanted.intakeAt && held.intakeStamp === wanted.intakeStamp
  );
}

/** The id of a word in one stay: both ids are made under the installation's secret, so that this needs none. */
function besideId(personEventId: string, stayId: string): string {
  const hex = createHash('sha256').update(`${personEventId} ${stayId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
