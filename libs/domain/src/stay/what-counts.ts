import type { FactCode } from '../events/fact.ts';
import { byWord, compareByWord } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Identity } from '../events/statements.ts';
import { localDate } from '../time/local-time.ts';

/**
 * What of a stay's events still counts, before anything is folded. Two things cut a stay:
 *
 *   a cancellation that a later admission revived (DEC-15, DEC-25): the stay is another one from there on. What describes
 *     the person goes on; need and grounds do when the admission is of the same day; readiness, information and discharges
 *     never do.
 *   another person on the same visit (DEC-18): nothing that was said of the first one goes on, and no need or ground does.
 *     The visit's own course does.
 *
 * Both are read in the order of word: a message that was sent earlier, and taken in later, brings nobody back.
 */
export interface Counting {
  /** The events as they count: what no longer does is taken out of them. */
  readonly events: readonly StayEvent[];
  /** The stay never was: it was cancelled, and nothing admitted the patient after that (DEC-15). */
  readonly cancelled: boolean;
  /** The message that put another person in the place of the first; undefined when nobody did. */
  readonly personSince?: StayEvent;
  /** The message that revived the stay after a cancellation. */
  readonly revivedBy?: StayEvent;
}

/** True when two personal numbers are one person's: a merge links them. */
export type Linked = (one: Identity, other: Identity) => boolean;

const NOT_LINKED: Linked = () => false;

/** What counts of the events of one stay. */
export function whatCounts(events: readonly StayEvent[], linked: Linked = NOT_LINKED): Counting {
  const words = byWord(events);
  const personSince = anotherPerson(words, linked);
  const ofPerson = personSince ? words.map((event) => withoutFirstPerson(event, personSince)) : words;
  const cancellation = words.findLast((event) => event.course === 'cancel-admission');
  if (!cancellation) return { events: ofPerson, cancelled: false, ...(personSince && { personSince }) };
  const revivedBy = words.find((event) => event.course === 'admit' && compareByWord(event, cancellation) > 0);
  const base = { ...(personSince && { personSince }), ...(revivedBy && { revivedBy }) };
  if (!revivedBy) return { events: ofPerson, cancelled: true, ...base };
  return { events: revived(ofPerson), cancelled: false, ...base };
}

/** The last message, by word, whose personal number is another's than the one before it. */
function anotherPerson(words: readonly StayEvent[], linked: Linked): StayEvent | undefined {
  let current: Identity | undefined;
  let since: StayEvent | undefined;
  for (const event of words) {
    const identity = event.patient.identities.find(({ type }) => type === 'personnummer');
    if (!identity) continue;
    if (current && current.value !== identity.value && !linked(current, identity)) since = event;
    current = identity;
  }
  return since;
}

/** Before the other person came only the visit's course is said. */
function withoutFirstPerson(event: StayEvent, since: StayEvent): StayEvent {
  return compareByWord(event, since) < 0 ? { ...event, patient: { identities: [] }, facts: [] } : event;
}

/** Facts that go on when the stay is revived on the day on which it was cancelled (DEC-25), and those that describe the person. */
const CARRIED: ReadonlySet<FactCode> = new Set<FactCode>([
  'NEED',
  'CONSENT',
  'BASIS',
  'COMPULSORY',
  'CARETYPE',
  'HOUSING',
  'PLACEDBY',
  'CONTACT',
  'REHAB',
  'HOMECARE',
]);

/** The events of a revived stay: of each part that a cancellation ended, what goes on. */
function revived(words: readonly StayEvent[]): StayEvent[] {
  const parts = partsOf(words);
  const last = parts.at(-1) ?? [];
  const day = dayOfAdmission(last);
  let goesOn = true;
  const before: StayEvent[] = [];
  for (const part of parts.slice(0, -1).reverse()) {
    goesOn &&= day !== undefined && dayOfAdmission(part) === day;
    before.unshift(...part.map((event) => (goesOn ? ofTheSameDay(event) : ofThePerson(event))));
  }
  return [...before, ...last];
}

/** The messages up to each cancellation, and those after the last; a cancellation that nothing revived in between ends no new part. */
function partsOf(words: readonly StayEvent[]): StayEvent[][] {
  const parts: StayEvent[][] = [[]];
  for (const event of words) {
    const part = parts.at(-1) ?? [];
    part.push(event);
    if (event.course === 'cancel-admission' && dayOfAdmission(part) !== undefined) parts.push([]);
  }
  return parts;
}

/** The local day on which the patient was admitted, as a part of the stay says it. */
function dayOfAdmission(part: readonly StayEvent[]): string | undefined {
  const admission = part.findLast(
    (event) => event.course === 'admit' || (event.course !== 'cancel-admission' && event.encounter.start),
  );
  return admission && localDate(admission.encounter.start?.start ?? admission.occurredAt?.start ?? admission.sentAt);
}

function ofTheSameDay(event: StayEvent): StayEvent {
  const encounter = { ...event.encounter };
  delete (encounter as { end?: unknown }).end;
  delete (encounter as { leaving?: unknown }).leaving;
  return { ...event, course: 'update', encounter, facts: event.facts.filter(({ code }) => CARRIED.has(code)) };
}

function ofThePerson(event: StayEvent): StayEvent {
  return { ...event, course: 'update', encounter: {}, facts: [] };
}
