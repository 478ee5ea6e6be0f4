import { HOUR, type Instant, type StatedTime } from '../time/time.ts';
import type { Course } from './course.ts';
import type { EncounterClass } from './statements.ts';

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
