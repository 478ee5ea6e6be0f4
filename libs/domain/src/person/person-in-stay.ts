import { compareByIntake } from '../events/order.ts';
import type { PersonEvent } from '../events/person-event.ts';
import type { Identity, IdentityType, Merger, PatientStatement } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Instant } from '../time/time.ts';
import type { KnownSince } from './protection.ts';

/*
 * How a stay reads what is said of its person beside any stay (A28, A31, A18, A34, A40).
 *
 *   a description   an update of every stay of the person, with nothing of the visit in it: what is stated replaces, what is
 *                   not stays, in the order of time as in any update. It never says whose visit it is (DEC-18).
 *   a lifting       of the person's protection: an update that says nothing else, from its intake on
 *   an undoing      what the operator said before was never said
 *   a merge         the same, with what it says of the survivor but for its number; and from its intake on every identity that was given up, in
 *                   whichever message of the stay, is read as the survivor's. So it makes no difference whether the merge came
 *                   before the stay's messages, between them or after. What a stay told before it closed stays as it was told
 *                   (DEC-17).
 *
 * A merge is never undone by what comes later under the old number; two merges that contradict each other: the one sent last
 * holds.
 */

/** The statements of a person that the stays of the person read. */
const READ_BY_STAYS = ['described', 'merged', 'protection-lifted'] as const;
type ReadByStays = Extract<PersonEvent['says'], { readonly kind: (typeof READ_BY_STAYS)[number] }>;

function isRead(says: PersonEvent['says']): says is ReadByStays {
  return (READ_BY_STAYS as readonly string[]).includes(says.kind);
}

/** Gives an event that a stay reads of its person an id: the same for the same stay and the same word. */
export type BesideId = (personEventId: string, stayId: string) => string;

/**
 * What was said of the person, as events of one of the person's stays. Of a merger it is the id of the survivor that the event
 * is under; the others stand beside it.
 * @param own the stay's own events, one at least
 * @param said what was said of persons: of anybody
 */
export function inStay(own: readonly StayEvent[], said: readonly PersonEvent[], idOf: BesideId): StayEvent[] {
  const concerned = concerning(new Set(own.map(({ patientId }) => patientId)), notUndone(said));
  if (concerned.length === 0) return [];
  // While nothing else of the stay has been taken in, the terms are those of what comes first.
  const first = own.reduce((one, other) => (compareByIntake(one, other) < 0 ? one : other));
  return concerned.flatMap(({ says, patientIds, saidBy, eventId, ...event }): StayEvent[] => {
    if (!isRead(says)) return [];
    const { inboundId, ordinal, revision, intakeAt, intakeStamp, trigger, at, sentAt, findings } = event;
    const { stayId, terms } = first;
    const base = {
      ...{ eventId: idOf(eventId, stayId), inboundId, ordinal, revision, intakeAt, intakeStamp, trigger, at, sentAt },
      ...{ stayId, patientId: patientIds[0], sender: saidBy, course: 'update' as const, terms, findings },
      ...{ encounter: {}, facts: [] },
    };
    if (says.kind === 'described') return [{ ...base, patient: says.patient, beside: {} }];
    if (says.kind === 'protection-lifted') {
      return [{ ...base, patient: { identities: [] }, beside: { lifted: { ofVisit: says.visit === stayId } } }];
    }
    // Whose number a merger brings into the stay is told by what the stay says itself, read under the merger.
    const patient: PatientStatement = { ...says.patient, identities: [] };
    return [{ ...base, patient, beside: { persons: patientIds, merged: says } }];
  });
}

/** What was said of persons and not taken back by who said it. */
export function notUndone(said: readonly PersonEvent[]): readonly PersonEvent[] {
  const undone = new Set(said.flatMap(({ says }) => (says.kind === 'undone' ? [says.eventId] : [])));
  return undone.size === 0 ? said : said.filter(({ eventId }) => !undone.has(eventId));
}

/** Somebody known by several ids, and since when the hub has known that they are one person's. */
interface Joining {
  readonly ids: readonly string[];
  readonly since: Instant;
}

/** Who is one person with somebody, and since when: whatever the order of the joinings, the answer is the same. */
function joinedWith(ids: KnownSince, joinings: readonly Joining[]): Map<string, Instant> {
  const known = new Map(ids);
  for (let isOver = false; !isOver;) {
    isOver = true;
    for (const joining of joinings) {
      const since = Math.max(joining.since, Math.min(...joining.ids.map((id) => known.get(id) ?? Infinity)));
      for (const id of joining.ids) {
        if (since >= (known.get(id) ?? Infinity)) continue;
        known.set(id, since);
        isOver = false;
      }
    }
  }
  return known;
}

function joiningsOf(said: readonly PersonEvent[]): Joining[] {
  return said.flatMap(({ says, patientIds: ids, intakeAt: since }) => (says.kind === 'merged' ? [{ ids, since }] : []));
}

/** These ids, and those of whoever was merged with somebody among them. */
export function mergedWith(patientIds: Iterable<string>, said: readonly PersonEvent[]): string[] {
  return [...joinedWith(always(patientIds), joiningsOf(said)).keys()];
}

/** Of what was said of persons that which concerns somebody: it names one of these ids, or one that was merged with them. */
function concerning(patientIds: Iterable<string>, said: readonly PersonEvent[]): readonly PersonEvent[] {
  if (said.length === 0) return said;
  const all = new Set(mergedWith(patientIds, said));
  return said.filter((event) => event.patientIds.some((id) => all.has(id)));
}

/** The ids that the person is known by in the events of a stay, its own and those that a merger has joined with them. */
export function patientsIn(events: Iterable<StayEvent>): string[] {
  const ids = new Set<string>();
  for (const { patientId, beside } of events) {
    ids.add(patientId);
    for (const id of beside?.persons ?? []) ids.add(id);
  }
  return [...ids];
}

/**
 * The ids that the person of a stay is known by ({@link patientsIn}), and since when: from the intake of the stay's first event
 * that names it, or of the merger that joined it with one of those. What is said of the person beside the stay tells of no
 * other id before the merger that makes it this person's.
 */
export function knownSince(events: readonly StayEvent[]): KnownSince {
  const own = earliest(events.filter(({ beside }) => !beside));
  const known = joinedWith(own, joiningsIn(events));
  for (const [id, since] of earliest(events)) if (!known.has(id)) known.set(id, since);
  return known;
}

/** Each id that these events name, with the intake of the first that does. */
function earliest(events: readonly StayEvent[]): Map<string, Instant> {
  const first = new Map<string, Instant>();
  for (const { patientId, beside, intakeAt } of events) {
    for (const id of [patientId, ...(beside?.persons ?? [])])
      first.set(id, Math.min(intakeAt, first.get(id) ?? Infinity));
  }
  return first;
}

/** The id that stands for the person of a stay: of all that were merged with its latest one, always the same. */
export function personOf(latest: StayEvent, events: readonly StayEvent[]): string {
  const all = [...joinedWith(always([latest.patientId]), joiningsIn(events)).keys()];
  return all.sort()[0] ?? latest.patientId;
}

function always(ids: Iterable<string>): KnownSince {
  return new Map([...ids].map((id) => [id, -Infinity]));
}

function joiningsIn(events: readonly StayEvent[]): Joining[] {
  return events.flatMap(({ beside, intakeAt }) => (beside?.persons ? [{ ids: beside.persons, since: intakeAt }] : []));
}

/** Which identities were given up, and for whom: made of all mergers that are known at one time. */
export class Survivors {
  /** Identity given up -> the survivor's identities. */
  readonly #of = new Map<string, readonly Identity[]>();

  /** @param mergers the one said last at the end */
  constructor(mergers: Iterable<Merger>) {
    for (const { from, patient } of mergers) {
      for (const identity of from) this.#of.set(keyOf(identity), patient.identities);
      // Who survives is nobody's any more: so of two that contradict each other the later one holds, and nothing goes in circles.
      for (const identity of patient.identities) this.#of.delete(keyOf(identity));
    }
  }

  /** The mergers among these events. @param words in the order of word */
  static in(words: Iterable<StayEvent>): Survivors {
    const mergers: Merger[] = [];
    for (const { beside } of words) if (beside?.merged) mergers.push(beside.merged);
    return new Survivors(mergers);
  }

  /** The event as it is read under these mergers; the same object when it names nobody who was given up. */
  read(event: StayEvent): StayEvent {
    if (this.#of.size === 0 || !event.patient.identities.some((identity) => this.#of.has(keyOf(identity))))
      return event;
    const patient: PatientStatement = { ...event.patient, identities: this.#survivorOf(event.patient.identities) };
    return { ...event, patient };
  }

  #survivorOf(identities: readonly Identity[]): Identity[] {
    const found = new Map<string, Identity>();
    const follow = (identity: Identity): void => {
      const survivor = this.#of.get(keyOf(identity));
      if (survivor) survivor.forEach(follow);
      else found.set(keyOf(identity), identity);
    };
    identities.forEach(follow);
    return [...found.values()].sort((a, b) => officialFirst(a.type) - officialFirst(b.type));
  }
}

function keyOf({ system, value }: Identity): string {
  return `${system}|${value}`;
}

const OFFICIAL: readonly IdentityType[] = ['personnummer', 'samordningsnummer'];

function officialFirst(type: IdentityType): number {
  const place = OFFICIAL.indexOf(type);
  return place < 0 ? OFFICIAL.length : place;
}
