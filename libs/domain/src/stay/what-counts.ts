import type { FactCode } from '../events/fact.ts';
import { byIntake, byWord, compareByWord } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Identity } from '../events/statements.ts';
import { localDate } from '../time/local-time.ts';
import type { Instant } from '../time/time.ts';

/**
 * What of a stay's events still counts, before anything is folded. Two things cut a stay:
 *
 *   a cancellation that a later admission revived (DEC-15, DEC-25): the stay is another one from there on. What describes
 *     the person goes on; need and grounds do when the admission is of the same day; readiness, information and discharges
 *     never do.
 *   another person on the same visit (DEC-18): nothing that was said of the first one goes on, and no need or ground does.
 *     The visit's own course does.
 *
 * Both are read in the order of word: a message that was sent earlier, and taken in later, brings nobody back. One of another
 * person that comes so late says nothing of the one whose visit it is.
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

/**
 * What counts of the events of one stay.
 * @param closesAt from then on nobody else takes the person's place (DEC-17 before DEC-18); a message that names another then
 *   says nothing of this one all the same
 */
export function whatCounts(
  events: readonly StayEvent[],
  linked: Linked = NOT_LINKED,
  closesAt: Instant = Infinity,
): Counting {
  const words = byWord(events);
  const inTime = events.filter(({ intakeAt }) => intakeAt <= closesAt);
  const { person, since: personSince } = personOf(inTime, linked);
  const isOthers = (event: StayEvent): boolean =>
    (personSince !== undefined && compareByWord(event, personSince) < 0) ||
    (person !== undefined && namesAnother(event, person, linked));
  const ofPerson = words.map((event) => (isOthers(event) ? ofTheVisit(event) : event));
  const cancellation = words.findLast((event) => event.course === 'cancel-admission');
  if (!cancellation) return { events: ofPerson, cancelled: false, ...(personSince && { personSince }) };
  const revivedBy = words.find((event) => event.course === 'admit' && compareByWord(event, cancellation) > 0);
  const base = { ...(personSince && { personSince }), ...(revivedBy && { revivedBy }) };
  if (!revivedBy) return { events: ofPerson, cancelled: true, ...base };
  return { events: revived(ofPerson), cancelled: false, ...base };
}

/**
 * Whose visit it is, by the latest word at each intake, and the message that last put another person there. A message that
 * had been overtaken when it was taken in changes nothing of that.
 */
function personOf(
  events: readonly StayEvent[],
  linked: Linked,
): { readonly person?: Identity; readonly since?: StayEvent } {
  let latest: { readonly event: StayEvent; readonly person: Identity } | undefined;
  let since: StayEvent | undefined;
  for (const event of byIntake(events)) {
    const person = personalNumberIn(event);
    if (!person || (latest && compareByWord(event, latest.event) < 0)) continue;
    if (latest && namesAnother(event, latest.person, linked)) since = event;
    latest = { event, person };
  }
  return { ...(latest && { person: latest.person }), ...(since && { since }) };
}

function personalNumberIn({ patient }: StayEvent): Identity | undefined {
  return patient.identities.find(({ type }) => type === 'personnummer');
}

function namesAnother(event: StayEvent, person: Identity, linked: Linked): boolean {
  const number = personalNumberIn(event);
  return number !== undefined && number.value !== person.value && !linked(person, number);
}

/** Of what was said of another person only the visit's course counts. */
function ofTheVisit(event: StayEvent): StayEvent {
  return { ...event, patient: { identities: [] }, facts: [] };
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
    const admitted = dayOfAdmission(part);
    // A cancellation that is only repeated ends no admission; what was said beside it goes on as little as before it.
    goesOn &&= admitted === undefined || admitted === day;
    before.unshift(...part.map((event) => (goesOn ? ofTheSameDay(event) : ofThePerson(event))));
  }
  return [...before, ...last];
}

/** The messages up to each cancellation, and those after the last. */
function partsOf(words: readonly StayEvent[]): StayEvent[][] {
  const parts: StayEvent[][] = [[]];
  for (const event of words) {
    parts.at(-1)?.push(event);
    if (event.course === 'cancel-admission') parts.push([]);
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

/** That the visit is protected holds for the visit, whatever becomes of its admission (DEC-23). */
function ofThePerson(event: StayEvent): StayEvent {
  const { protection } = event.encounter;
  return { ...event, course: 'update', encounter: { ...(protection && { protection }) }, facts: [] };
}
