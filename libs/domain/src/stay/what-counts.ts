import type { Course } from '../events/course.ts';
import type { FactCode } from '../events/fact.ts';
import { byIntake, byWord, compareByWord } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Identity } from '../events/statements.ts';
import { type Instant, localDate } from '../time/time.ts';

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
  /** The last word that takes a move or a planned discharge back. */
  readonly takenBack?: StayEvent | undefined;
}

/**
 * What counts of the events of one stay, all read under the mergers that are known of its person (`person/person-in-stay.ts`).
 * @param closesAt from then on nobody else takes the person's place (DEC-17 before DEC-18); a message that names another then
 *   says nothing of this one all the same
 * @returns besides, the events as they count by word: what no longer does is taken out of them
 */
export function whatCounts(
  all: readonly StayEvent[],
  closesAt: Instant = Infinity,
): { readonly counting: Counting; readonly events: readonly StayEvent[] } {
  const spoken = byWord(all);
  const words = withoutTakenBack(spoken);
  const inTime = all.filter(({ intakeAt }) => intakeAt <= closesAt);
  const { person: number, since: personSince } = personOf(inTime);
  const isOthers = (event: StayEvent): boolean => {
    if (isAnother(number, numberOf(event))) return true;
    // What is said beside the visit names its person itself, whenever it was said.
    if (event.beside && numberOf(event)) return false;
    return personSince !== undefined && compareByWord(event, personSince) < 0;
  };
  const base = { personSince, number, takenBack: spoken.findLast(({ course }) => course in TAKES_BACK) };
  const events = words.map((event) => (isOthers(event) ? ofTheVisit(event) : event));
  const cancellation = words.findLast((event) => event.course === 'cancel-admission');
  if (!cancellation) return { events, counting: { cancelled: false, ...base } };
  const revivedBy = words.find((event) => event.course === 'admit' && compareByWord(event, cancellation) > 0);
  if (!revivedBy) return { events, counting: { cancelled: true, ...base } };
  const revivedOn = dayOfAdmission(partsOf(events).at(-1) ?? []);
  return { events: revived(events), counting: { cancelled: false, revivedBy, revivedOn, ...base } };
}

/**
 * A move and a planned discharge that were taken back never were (A12, A25): the ward and the expected discharge are those
 * stated before. Each cancellation takes back the latest one said before it that no other did.
 */
function withoutTakenBack(words: readonly StayEvent[]): readonly StayEvent[] {
  if (!words.some(({ course }) => course in TAKES_BACK)) return words;
  const kept = [...words];
  for (const [index, cancellation] of words.entries()) {
    const taken = TAKES_BACK[cancellation.course];
    if (!taken) continue;
    const at = words.findLastIndex((event, i) => i < index && event.course === taken.course && kept[i] === event);
    const event = words[at];
    if (!event) continue;
    kept[at] = {
      ...event,
      encounter: Object.fromEntries(Object.entries(event.encounter).filter(([name]) => name !== taken.states)),
    };
  }
  return kept;
}

const TAKES_BACK: Readonly<
  Partial<Record<Course, { readonly course: Course; readonly states: 'ward' | 'expectedDischarge' }>>
> = {
  'cancel-move': { course: 'move', states: 'ward' },
  'cancel-planned-end': { course: 'planned-end', states: 'expectedDischarge' },
};

const TAKEN_BACK: ReadonlySet<Course> = new Set(Object.values(TAKES_BACK).map(({ course }) => course));

/**
 * What counts when one more event comes: it counts as it is, and so do all others.
 * @param isLastWord it is later by word than all others
 * @returns undefined when it changes what counts of the others, or the others change what counts of it
 */
export function goesOnCounting(before: Counting, event: StayEvent, isLastWord: boolean): Counting | undefined {
  if (
    event.course === 'cancel-admission' ||
    event.course in TAKES_BACK ||
    (before.cancelled && event.course === 'admit') ||
    (!isLastWord && mayNotCount(before, event))
  )
    return undefined;
  const day = before.revivedBy && dayOfAdmission([event]);
  if (day !== undefined && day !== before.revivedOn) return undefined;
  const number = numberOf(event);
  if (event.beside && isAnother(before.number, number)) return undefined;
  if (!number || event.beside) return before;
  return isAnother(before.number, number) ? undefined : { ...before, number };
}

/** True of an event that a word after it may cut off, take back or be revived by. */
function mayNotCount({ personSince, revivedBy, takenBack }: Counting, event: StayEvent): boolean {
  const isBefore = (other: StayEvent | undefined): boolean => other !== undefined && compareByWord(event, other) < 0;
  return isBefore(personSince) || isBefore(revivedBy) || (TAKEN_BACK.has(event.course) && isBefore(takenBack));
}

function numberOf({ patient, beside }: StayEvent): Identity | undefined {
  return (beside?.merged?.patient ?? patient).identities.find(({ type }) => type === 'personnummer');
}

function isAnother(before: Identity | undefined, now: Identity | undefined): boolean {
  return before !== undefined && now !== undefined && before.value !== now.value;
}

/**
 * Whose visit it is, by the latest word at each intake, and the message that last put another person there. A message that
 * had been overtaken when it was taken in changes nothing of that; nor does what is said of a person beside the visit.
 */
function personOf(events: readonly StayEvent[]): { readonly person?: Identity; readonly since?: StayEvent } {
  let latest: { readonly event: StayEvent; readonly person: Identity } | undefined;
  let since: StayEvent | undefined;
  for (const event of byIntake(events)) {
    const person = event.beside ? undefined : numberOf(event);
    if (!person || (latest && compareByWord(event, latest.event) < 0)) continue;
    if (isAnother(latest?.person, person)) since = event;
    latest = { event, person };
  }
  return { ...(latest && { person: latest.person }), ...(since && { since }) };
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
  'LSS',
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
