import {
  IntakeSequence,
  isPartysOrOperators,
  knownSince,
  mayTell,
  statesTransfer,
  type KnownSince,
  type PersonStay,
  type StayEvent,
} from '#libs/domain';

/**
 * Of these stays those of some persons, and of whoever else those stays know them as, by id: a word on one of them may matter
 * to all.
 */
export function staysOfPersons<Stay extends { readonly events: StayEvents }>(
  stays: Iterable<Stay>,
  persons: ReadonlySet<string>,
): Stay[] {
  const all = [...stays];
  const related = all.filter(({ events }) => events.isOf(persons));
  const known = new Set([...persons, ...related.flatMap(({ events }) => events.patients())]);
  if (known.size > persons.size) return staysOfPersons(all, known);
  return related.sort((a, b) => (a.events.stayId < b.events.stayId ? -1 : 1));
}

/**
 * The events of one stay in memory. What every message asks of them (whose stay it is, who sent it, whether the person was
 * sent on) is answered without a look at all of them, however many there are.
 */
export class StayEvents {
  readonly stayId: string;
  /** In the order of intake: what a history grows from. */
  readonly sequence = new IntakeSequence();
  #asStay: PersonStay | undefined;
  #knownSince: KnownSince | undefined;
  #senders: ReadonlySet<string> | undefined;
  /** Event id -> bytes. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  readonly #joined = new Set<string>();
  #transfers = false;
  #tells = false;

  constructor(stayId: string) {
    this.stayId = stayId;
  }

  /** By event id. */
  get byId(): ReadonlyMap<string, StayEvent> {
    return this.sequence.byId;
  }

  get size(): number {
    return this.byId.size;
  }

  /** How long all of it is as text. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Puts an event in, in place of one with the same id. */
  put(event: StayEvent): void {
    this.#resize(event.eventId, JSON.stringify(event).length);
    this.#transfers ||= statesTransfer(event);
    this.#tells ||= mayTell(event);
    if (event.joined) this.#joined.add(event.joined.stay);
    const isNew = !this.byId.has(event.eventId);
    // Whoever the stay knows already is known no earlier by an event that was taken in later.
    const isKnown = (this.#knownSince?.get(event.patientId) ?? Infinity) <= event.intakeAt;
    if (!isNew || event.beside?.persons || !isKnown) this.#knownSince = undefined;
    if (!isNew || this.#senders?.has(event.sender) !== true) this.#senders = undefined;
    this.#asStay = undefined;
    this.sequence.put(event);
  }

  /** Takes an event out. */
  drop(eventId: string): void {
    this.#resize(eventId, 0);
    this.#knownSince = undefined;
    this.#senders = undefined;
    this.#asStay = undefined;
    this.sequence.drop(eventId);
  }

  #resize(eventId: string, bytes: number): void {
    this.#bytes += bytes - (this.#sizes.get(eventId) ?? 0);
    if (bytes > 0) this.#sizes.set(eventId, bytes);
    else this.#sizes.delete(eventId);
  }

  /** The stay as one of its person's; the same object as long as its events are. */
  asStay(): PersonStay {
    this.#asStay ??= { stayId: this.stayId, events: [...this.byId.values()] };
    return this.#asStay;
  }

  /** The ids that the person is known by in this stay, and since when. */
  knownSince(): KnownSince {
    this.#knownSince ??= knownSince([...this.byId.values()]);
    return this.#knownSince;
  }

  /** The ids that the person is known by in this stay. */
  patients(): readonly string[] {
    return [...this.knownSince().keys()];
  }

  /** True when the person of the stay is known by one of these ids. */
  isOf(persons: ReadonlySet<string>): boolean {
    return this.patients().some((patient) => persons.has(patient));
  }

  /** The agreements that the stay's messages came under. */
  senders(): ReadonlySet<string> {
    this.#senders ??= new Set(
      [...this.byId.values()].flatMap((event) => (isPartysOrOperators(event) ? [] : event.sender)),
    );
    return this.#senders;
  }

  /** Stays that were joined to this one, as long as it is in memory. */
  get joined(): ReadonlySet<string> {
    return this.#joined;
  }

  /** True when an event of it has said that the patient was transferred: then the person's other stays may matter to it. */
  get hasTransferred(): boolean {
    return this.#transfers;
  }

  /**
   * The persons with whom the stay can go on in another: it has said that the patient was transferred, and that there is a
   * need (DEC-08). Never fewer than before as long as it is in memory: one too many costs reading, one too few would be wrong.
   */
  sentOn(): readonly string[] {
    return this.#transfers && this.#tells ? this.patients() : [];
  }
}
