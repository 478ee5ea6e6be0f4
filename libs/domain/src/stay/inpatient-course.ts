import { statesInpatientStart } from '../events/course.ts';
import type { EncounterClass, Leaving } from '../events/statements.ts';
import { byWord, compareByWord, insertInOrder, putAt } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { type Instant, localDate, type Precision, type StatedTime } from '../time/time.ts';

/**
 * When the patient was admitted, and how the stay ended, as the messages say it one after the other in the order of word.
 *
 *   not admitted -> admitted          any message of class inpatient that says a start (DEC-02), an admission that says none
 *                                     (DEC-28), a change to inpatient care
 *   admitted -> not admitted          a change to outpatient care
 *   admitted -> discharged            a discharge
 *   discharged -> discharged          a later message patches time and way of leaving; unstated leaves them (DEC-24)
 *   discharged -> admitted            the discharge is cancelled by a message sent after it (DEC-24); or the patient is
 *                                     admitted anew in the same visit, and then that discharge stays in the list
 */
export interface InpatientCourse {
  readonly admission?: Admission;
  /** Every discharge of the stay that was not taken back, oldest first; the last is in force when `open` is false. */
  readonly discharges: readonly Discharge[];
  /** No discharge is in force. */
  readonly open: boolean;
  readonly everDischarged: boolean;
}

export interface Admission {
  /** The instant that duties count from; an imprecise time at its end, at most when it was sent (contract 5). */
  readonly at: Instant;
  readonly precision: Precision;
  readonly statedBy: string;
}

export interface Discharge {
  /** nth discharge in force of this stay, from 1. */
  readonly n: number;
  readonly at: StatedTime;
  readonly leaving: Leaving;
  /** The message that began this discharge. */
  readonly statedBy: string;
  /** When that message was taken in. */
  readonly takenIn: Instant;
  /** Start of the part of the stay that this discharge ends: what was said before it belongs to an earlier discharge (DEC-27). */
  readonly legStart: Instant;
}

/** The course of a stay that grows, by whichever word. */
export class GrowingCourse {
  /** By word. */
  readonly #words: StayEvent[] = [];
  /** The course after each word. One that says nothing new leaves the very same. */
  readonly #after: CourseSoFar[] = [];
  #course: InpatientCourse | undefined;

  /** @param events of one stay, those that count, in whatever order */
  constructor(events: readonly StayEvent[]) {
    for (const event of byWord(events)) this.take(event);
  }

  /** Takes one more event. Those after it by word are read again, up to the first that leaves the course as it did before. */
  take(event: StayEvent): void {
    const from = insertInOrder(this.#words, event, compareByWord);
    const before = this.#after[from - 1] ?? BEGINNING;
    let now = afterWord(before, event);
    putAt(this.#after, from, now);
    if (now === before) return;
    this.#course = undefined;
    for (let index = from + 1; index < this.#words.length; index++) {
      const [word, was] = [this.#words[index], this.#after[index]];
      if (word) now = afterWord(now, word);
      if (was && isSameCourse(now, was)) return;
      this.#after[index] = now;
    }
  }

  /** The course as it is now; what is answered stays as it is when more is taken. */
  course(): InpatientCourse {
    if (this.#course) return this.#course;
    const { admissions, discharges, open, everDischarged } = this.#after.at(-1) ?? BEGINNING;
    const [admission] = admissions.map(([, one]) => one).sort((a, b) => a.at - b.at);
    return (this.#course = { ...(admission && { admission }), discharges, open, everDischarged });
  }
}

/** What the words up to one of them say of the course. It is never changed: each word that says something new makes another. */
interface CourseSoFar {
  readonly class: EncounterClass | undefined;
  /** By the stay that the message named, '' being this one: of stays that the operator has made one each states its own. */
  readonly admissions: readonly (readonly [stay: string, admission: Admission])[];
  readonly discharges: readonly Discharge[];
  readonly open: boolean;
  readonly legStart: Instant;
  readonly everDischarged: boolean;
  readonly deceased: boolean;
}

const BEGINNING: CourseSoFar = {
  ...{ class: undefined, admissions: [], discharges: [] },
  ...{ open: true, legStart: -Infinity, everDischarged: false, deceased: false },
};

/** Reads the next word. @returns the very same when it says nothing new */
function afterWord(before: CourseSoFar, event: StayEvent): CourseSoFar {
  const described = {
    ...before,
    class: event.encounter.class ?? before.class,
    deceased: event.patient.deceased ?? before.deceased,
  };
  const { course } = event;
  const begun = course === 'admit' && startsAnew(described, event) ? { open: true, legStart: event.at } : {};
  const inLeg = { ...described, ...begun };
  const admitted = { ...inLeg, admissions: course === 'to-outpatient' ? [] : admit(inLeg, event) };
  const now = { ...admitted, ...ended(admitted, event) };
  return isSameCourse(before, now) ? before : now;
}

function isSameCourse(a: CourseSoFar, b: CourseSoFar): boolean {
  if (a === b) return true;
  return (
    a.class === b.class &&
    a.open === b.open &&
    a.legStart === b.legStart &&
    a.everDischarged === b.everDischarged &&
    a.deceased === b.deceased &&
    isSameList(a.admissions, b.admissions, isSameAdmission) &&
    isSameList(a.discharges, b.discharges, isSameDischarge)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (one: T, other: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((one, index) => {
    const other = b[index];
    return other !== undefined && (one === other || isSame(one, other));
  });
}

type NamedAdmission = CourseSoFar['admissions'][number];

function isSameAdmission([stay, a]: NamedAdmission, [otherStay, b]: NamedAdmission): boolean {
  return stay === otherStay && a.at === b.at && a.precision === b.precision && a.statedBy === b.statedBy;
}

function isSameDischarge(a: Discharge, b: Discharge): boolean {
  return (
    a.n === b.n &&
    a.at.iso === b.at.iso &&
    a.at.start === b.at.start &&
    a.at.end === b.at.end &&
    a.at.precision === b.at.precision &&
    a.leaving === b.leaving &&
    a.statedBy === b.statedBy &&
    a.takenIn === b.takenIn &&
    a.legStart === b.legStart
  );
}

/** An admission later than the discharge in force begins the stay anew. */
function startsAnew({ open, discharges }: CourseSoFar, event: StayEvent): boolean {
  const last = open ? undefined : discharges.at(-1);
  const start = event.encounter.start ?? event.occurredAt;
  return last !== undefined && start !== undefined && start.start >= last.at.start;
}

function admit(before: CourseSoFar, event: StayEvent): CourseSoFar['admissions'] {
  const { admissions } = before;
  const stated = startOf(event, before.class);
  if (!stated) return admissions;
  const { time, imprecise } = stated;
  const stay = event.joined?.stay ?? '';
  const known = admissions.find(([named]) => named === stay)?.[1];
  // Of a day only its first statement counts: saying the same day again must not move a deadline (DEC-28).
  if (known && imprecise && localDate(known.at) === localDate(time.start)) return admissions;
  const admission: Admission = {
    at: dutyInstant(time, event.sentAt),
    precision: time.precision,
    statedBy: known && isSame(known, time) ? known.statedBy : event.eventId,
  };
  if (!known) return [...admissions, [stay, admission]];
  return admissions.map((one) => (one[0] === stay ? [stay, admission] : one));
}

/** How the stay ends by what an event says. */
function ended(before: CourseSoFar, event: StayEvent): Partial<CourseSoFar> {
  const { course } = event;
  const { open, discharges } = before;
  if (course === 'discharge') return discharge(before, event);
  if (course === 'cancel-discharge') return open ? {} : { open: true, discharges: discharges.slice(0, -1) };
  return course === 'cancel-admission' ? {} : { discharges: patched(before, event) };
}

function discharge({ open, discharges, deceased, legStart }: CourseSoFar, event: StayEvent): Partial<CourseSoFar> {
  const at = event.encounter.end ?? event.occurredAt ?? atInstant(event.sentAt);
  const last = open ? undefined : discharges.at(-1);
  if (last) {
    const again = { ...last, at, leaving: leavingOf(event) ?? last.leaving };
    return { everDischarged: true, discharges: discharges.with(-1, again) };
  }
  const first: Discharge = {
    n: discharges.length + 1,
    at,
    leaving: leavingOf(event) ?? (deceased ? 'dead' : 'home'),
    statedBy: event.eventId,
    takenIn: event.intakeAt,
    legStart,
  };
  return { everDischarged: true, open: false, discharges: [...discharges, first] };
}

function patched({ open, discharges }: CourseSoFar, event: StayEvent): readonly Discharge[] {
  const last = open ? undefined : discharges.at(-1);
  if (!last) return discharges;
  const { end } = event.encounter;
  const leaving =
    leavingOf(event) ?? (last.leaving === 'dead' && event.patient.deceased === false ? 'home' : undefined);
  if (!end && leaving === undefined) return discharges;
  return discharges.with(-1, { ...last, at: end ?? last.at, leaving: leaving ?? last.leaving });
}

function leavingOf(event: StayEvent): Leaving | undefined {
  return event.encounter.leaving ?? (event.patient.deceased ? 'dead' : undefined);
}

/** The start that a message states of inpatient care; EVN-6, then MSH-7, where an admission says none (DEC-28). */
function startOf(
  event: StayEvent,
  known: EncounterClass | undefined,
): { readonly time: StatedTime; readonly imprecise: boolean } | undefined {
  const { start, class: stated } = event.encounter;
  if (!statesInpatientStart(event.course, stated)) return undefined;
  if (event.course === 'to-inpatient') {
    // The visit may have begun as an outpatient's: the change itself is what starts the 24 hours.
    const changed = event.occurredAt ?? start ?? atInstant(event.sentAt);
    return precision(start && start.start > changed.start ? start : changed);
  }
  if (start) return precision(start);
  if (event.course !== 'admit' || (known !== undefined && known !== 'IMP')) return undefined;
  return precision(event.occurredAt ?? atInstant(event.sentAt));
}

const IMPRECISE: ReadonlySet<Precision> = new Set<Precision>(['year', 'month', 'day', 'hour']);

function precision(time: StatedTime): { readonly time: StatedTime; readonly imprecise: boolean } {
  return { time, imprecise: IMPRECISE.has(time.precision) };
}

function isSame(admission: Admission, time: StatedTime): boolean {
  return admission.at === time.start && admission.precision === time.precision;
}

/** For duties an imprecise time is the end of its interval, at most when it was sent (contract 5); a minute is precise. */
export function dutyInstant(time: StatedTime, sentAt: Instant): Instant {
  return IMPRECISE.has(time.precision) ? Math.max(time.start, Math.min(time.end, sentAt)) : time.start;
}

function atInstant(instant: Instant): StatedTime {
  return { iso: new Date(instant).toISOString(), precision: 'milli', start: instant, end: instant + 1 };
}
