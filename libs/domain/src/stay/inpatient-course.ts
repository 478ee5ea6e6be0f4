import type { EncounterClass, Leaving } from '../events/statements.ts';
import { byWord } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { localDate } from '../time/local-time.ts';
import type { Instant, Precision, StatedTime } from '../time/time.ts';

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

/** The course of a stay that grows by the latest word. */
export class GrowingCourse {
  #class: EncounterClass | undefined;
  /** By the stay that the message named, '' being this one: of stays that the operator has made one each states its own. */
  readonly #admissions = new Map<string, Admission>();
  readonly #discharges: Discharge[] = [];
  #course: InpatientCourse | undefined;
  #open = true;
  #legStart: Instant = -Infinity;
  #everDischarged = false;
  #deceased = false;

  /** @param events of one stay, those that count, in whatever order */
  constructor(events: readonly StayEvent[]) {
    for (const event of byWord(events)) this.take(event);
  }

  /** Takes the latest event by word. */
  take(event: StayEvent): void {
    this.#course = undefined;
    const { encounter, course } = event;
    if (encounter.class !== undefined) this.#class = encounter.class;
    if (event.patient.deceased !== undefined) this.#deceased = event.patient.deceased;
    if (course === 'admit' && this.#startsAnew(event)) this.#beginLeg(event);
    if (course === 'to-outpatient') this.#admissions.clear();
    else this.#admit(event);
    if (course === 'discharge') this.#discharge(event);
    else if (course === 'cancel-discharge') this.#takeBack();
    else if (course !== 'cancel-admission') this.#patch(event);
  }

  /** The course as it is now; what is answered stays as it is when more is taken. */
  course(): InpatientCourse {
    const [admission] = [...this.#admissions.values()].sort((a, b) => a.at - b.at);
    this.#course ??= {
      ...(admission && { admission }),
      discharges: [...this.#discharges],
      open: this.#open,
      everDischarged: this.#everDischarged,
    };
    return this.#course;
  }

  /** An admission later than the discharge in force begins the stay anew. */
  #startsAnew(event: StayEvent): boolean {
    const last = this.#open ? undefined : this.#discharges.at(-1);
    const start = event.encounter.start ?? event.occurredAt;
    return last !== undefined && start !== undefined && start.start >= last.at.start;
  }

  #beginLeg(event: StayEvent): void {
    this.#open = true;
    this.#legStart = event.at;
  }

  #admit(event: StayEvent): void {
    const stated = startOf(event, this.#class);
    if (!stated) return;
    const { time, imprecise } = stated;
    const named = event.joined?.stay ?? '';
    const before = this.#admissions.get(named);
    // Of a day only its first statement counts: saying the same day again must not move a deadline (DEC-28).
    if (before && imprecise && localDate(before.at) === localDate(time.start)) return;
    this.#admissions.set(named, {
      at: dutyInstant(time, event.sentAt),
      precision: time.precision,
      statedBy: before && isSame(before, time) ? before.statedBy : event.eventId,
    });
  }

  #discharge(event: StayEvent): void {
    this.#everDischarged = true;
    const at = event.encounter.end ?? event.occurredAt ?? atInstant(event.sentAt);
    const last = this.#open ? undefined : this.#discharges.at(-1);
    if (last) {
      this.#replace({ ...last, at, leaving: this.#leavingOf(event) ?? last.leaving });
      return;
    }
    this.#discharges.push({
      n: this.#discharges.length + 1,
      at,
      leaving: this.#leavingOf(event) ?? (this.#deceased ? 'dead' : 'home'),
      statedBy: event.eventId,
      takenIn: event.intakeAt,
      legStart: this.#legStart,
    });
    this.#open = false;
  }

  #takeBack(): void {
    if (this.#open) return;
    this.#discharges.pop();
    this.#open = true;
  }

  #patch(event: StayEvent): void {
    const last = this.#open ? undefined : this.#discharges.at(-1);
    if (!last) return;
    const { end } = event.encounter;
    const leaving =
      this.#leavingOf(event) ?? (last.leaving === 'dead' && event.patient.deceased === false ? 'home' : undefined);
    if (!end && leaving === undefined) return;
    this.#replace({ ...last, at: end ?? last.at, leaving: leaving ?? last.leaving });
  }

  #leavingOf(event: StayEvent): Leaving | undefined {
    return event.encounter.leaving ?? (event.patient.deceased ? 'dead' : undefined);
  }

  #replace(discharge: Discharge): void {
    this.#discharges[this.#discharges.length - 1] = discharge;
  }
}

const STATES_NO_ADMISSION: ReadonlySet<StayEvent['course']> = new Set<StayEvent['course']>([
  'pre-admit',
  'register',
  'to-outpatient',
  'cancel-admission',
]);

/** The start that a message states of inpatient care; EVN-6, then MSH-7, where an admission says none (DEC-28). */
function startOf(
  event: StayEvent,
  known: EncounterClass | undefined,
): { readonly time: StatedTime; readonly imprecise: boolean } | undefined {
  if (STATES_NO_ADMISSION.has(event.course)) return undefined;
  const { start, class: stated } = event.encounter;
  if (event.course === 'to-inpatient') {
    if ((stated ?? 'IMP') !== 'IMP') return undefined;
    // The visit may have begun as an outpatient's: the change itself is what starts the 24 hours.
    const changed = event.occurredAt ?? start ?? atInstant(event.sentAt);
    return precision(start && start.start > changed.start ? start : changed);
  }
  if (stated !== 'IMP') return undefined;
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
