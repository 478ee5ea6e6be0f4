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
  /** The stay never was: it was cancelled, and nothing admitted the patient after that (DEC-15). */
  readonly cancelled: boolean;
  /** The message that put another person in the place of the first; undefined when nobody did. */
  readonly personSince?: StayEvent | undefined;
  /** The message that revived the stay after a cancellation. */
  readonly revivedBy?: StayEvent | undefined;
  /** The local day of the admission since then. */
  readonly revivedOn?: string | undefined;
  /** The personal number that was stated last. */
  readonly number?: Identity | undefined;
}

/** True when two personal numbers are one person's: a merge links them. */
export type Linked = (one: Identity, other: Identity) => boolean;

const NOT_LINKED: Linked = () => false;

/**
 * What counts of the events of one stay.
 * @returns besides, the events as they count by word: what no longer does is taken out of them
 */
export function whatCounts(
  all: readonly StayEvent[],
  linked: Linked = NOT_LINKED,
): { readonly counting: Counting; readonly events: readonly StayEvent[] } {
  const words = byWord(all);
  const number = words.findLast(numberOf);
  const personSince = anotherPerson(words, linked);
  const base = { personSince, number: number && numberOf(number) };
  const events = personSince ? words.map((event) => withoutFirstPerson(event, personSince)) : words;
  const cancellation = words.findLast((event) => event.course === 'cancel-admission');
  if (!cancellation) return { events, counting: { cancelled: false, ...base } };
  const revivedBy = words.find((event) => event.course === 'admit' && compareByWord(event, cancellation) > 0);
  if (!revivedBy) return { events, counting: { cancelled: true, ...base } };
  const revivedOn = dayOfAdmission(partsOf(events).at(-1) ?? []);
  return { events: revived(events), counting: { cancelled: false, revivedBy, revivedOn, ...base } };
}

/**
 * What counts when one more event comes that is later by word than all others: it counts as it is.
 * @returns undefined when it changes what counts of those before it
 */
export function goesOnCounting(before: Counting, event: StayEvent, linked: Linked = NOT_LINKED): Counting | undefined {
  if (event.course === 'cancel-admission' || (before.cancelled && event.course === 'admit')) return undefined;
  const day = before.revivedBy && dayOfAdmission([event]);
  if (day !== undefined && day !== before.revivedOn) return undefined;
  const number = numberOf(event);
  if (!number) return before;
  return isAnother(before.number, number, linked) ? undefined : { ...before, number };
}

function numberOf({ patient }: StayEvent): Identity | undefined {
  return patient.identities.find(({ type }) => type === 'personnummer');
}

function isAnother(before: Identity | undefined, now: Identity, linked: Linked): boolean {
  return before !== undefined && before.value !== now.value && !linked(before, now);
}

/** The last message, by word, whose personal number is another's than the one before it. */
function anotherPerson(words: readonly StayEvent[], linked: Linked): StayEvent | undefined {
  let current: Identity | undefined;
  let since: StayEvent | undefined;
  for (const event of words) {
    const number = numberOf(event);
    if (!number) continue;
    if (isAnother(current, number, linked)) since = event;
    current = number;
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
