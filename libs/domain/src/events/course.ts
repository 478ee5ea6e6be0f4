import { HOUR, type Instant, type StatedTime } from '../time/time.ts';
import type { EncounterClass } from './statements.ts';

/**
 * What a message does to a stay, whatever the sender's standard calls it. The translator says which trigger has which
 * course; everything after it knows courses alone.
 *
 *   pre-admit            a planned admission; starts nothing
 *   register             an emergency or outpatient visit; starts nothing
 *   admit                the admission
 *   to-inpatient         an outpatient becomes an inpatient: the 24 hours of LUS 2:3 start here
 *   to-outpatient        an inpatient becomes an outpatient: they end here
 *   move                 another ward
 *   update               anything that is said besides
 *   leave-start, -end    leave; it is no discharge
 *   planned-end          an expected discharge
 *   discharge            the end of the stay
 *   cancel-*             the latest of what it names, of those sent before it, never was
 */
export const COURSES = [
  'pre-admit',
  'register',
  'admit',
  'to-inpatient',
  'move',
  'update',
  'leave-start',
  'leave-end',
  'planned-end',
  'to-outpatient',
  'discharge',
  'cancel-admission',
  'cancel-move',
  'cancel-planned-end',
  'cancel-discharge',
] as const;
export type Course = (typeof COURSES)[number];

/**
 * What a message does that is about a person and no stay (A18, A28, A31, A34, A40).
 *
 *   describe-person   name, address, listing, protection, death
 *   merge-persons     two records are one person's
 */
export const PERSON_COURSES = ['describe-person', 'merge-persons'] as const;
export type PersonCourse = (typeof PERSON_COURSES)[number];

/**
 * What the operator alone says of a person; no trigger states it.
 *
 *   lift-protection   a protection of the person holds no more (DEC-23)
 *   join-stays        two stays of the person are one
 *   undo-decision     an earlier word of the operator on the person never was
 */
export const OPERATOR_COURSES = ['lift-protection', 'join-stays', 'undo-decision'] as const;
export type OperatorCourse = (typeof OPERATOR_COURSES)[number];

/** The published rank of each course: of events of one time and one sent time, what comes first (architecture 2.5). */
export const COURSE_RANK: Readonly<Record<Course, number>> = Object.fromEntries(
  COURSES.map((course, rank) => [course, rank]),
) as Record<Course, number>;

/** What a cancelling course takes back. */
export const CANCELS: Readonly<Partial<Record<Course, readonly Course[]>>> = {
  'cancel-admission': ['admit', 'to-inpatient'],
  'cancel-move': ['move'],
  'cancel-planned-end': ['planned-end'],
  'cancel-discharge': ['discharge'],
};

/** Courses by which nobody is an inpatient from a time on, whatever class and time stand beside them. */
const STATES_NO_ADMISSION: ReadonlySet<Course> = new Set<Course>([
  'pre-admit',
  'register',
  'to-outpatient',
  'cancel-admission',
]);

/** Whether the start that stands beside a course is one of inpatient care (DEC-02): the class says it, or the change to it. */
export function statesInpatientStart(course: Course, stated: EncounterClass | undefined): boolean {
  if (STATES_NO_ADMISSION.has(course)) return false;
  return (course === 'to-inpatient' ? (stated ?? 'IMP') : stated) === 'IMP';
}

/** Clocks of one hospital differ by minutes; one of them in another zone, or in the other half of the year, by two hours at most. */
const CLOCK_ERROR = 2 * HOUR;

/**
 * Whether an admission or a discharge has a later time than any error of a clock explains. Either is said when it has happened,
 * and a planned one as planned: an admission of a time ahead cannot be believed. Counted from it, the 24 hours of LUS 2:3 would end
 * days late and nobody would miss the notice.
 * @param sentUntil first instant after the time of sending
 */
export function isFarAhead(time: StatedTime | null | undefined, sentUntil: Instant): boolean {
  return !!time && time.start >= sentUntil + CLOCK_ERROR;
}

/**
 * Where an event stands in the order of time: at the first of its times that is stated and not far ahead, else when it was sent. One
 * that stood in the future would have the last word of everything that it states until then.
 */
export function instantInOrder(
  times: Iterable<StatedTime | null | undefined>,
  { sentAt, sentUntil = sentAt + 1 }: { readonly sentAt: Instant; readonly sentUntil?: Instant },
): Instant {
  for (const time of times) if (time && !isFarAhead(time, sentUntil)) return time.start;
  return sentAt;
}
