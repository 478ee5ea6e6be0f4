import { HOUR, MINUTE, offsetAt, type Instant } from '#libs/domain';

const WEEK = 7 * 24 * HOUR;

/** Weeks that a habit takes to learn, and how many messages the hour must have had in each of them (architecture 7). */
export const WEEKS = 4;
export const MESSAGES = 20;

/** The last whole hour before an instant, by its beginning. Stockholm's offsets are whole hours. */
export function lastWholeHour(at: Instant): Instant {
  return hourOf(at) - HOUR;
}

/** The hour that an instant lies in, by its beginning. */
export function hourOf(at: Instant): Instant {
  return Math.floor(at / HOUR) * HOUR;
}

/** The same hour of the local week in the weeks before: 08 on a Monday is that also when the clocks have changed. */
export function sameHourInEarlierWeeks(hour: Instant): Instant[] {
  return Array.from({ length: WEEKS }, (_, week) => {
    const then = hour - (week + 1) * WEEK;
    return then + (offsetAt(hour) - offsetAt(then)) * MINUTE;
  });
}
