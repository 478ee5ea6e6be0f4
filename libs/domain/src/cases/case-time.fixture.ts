import { type Instant, localIso, statedTime, type StatedTime } from '../time/time.ts';

/**
 * Times of the cases are Stockholm's: `04 08:30` is of May 2026, `2026-03-29 21:00` of another month, `04` a day alone;
 * `2026-10-25 02:30+01:00` settles the hour that comes twice.
 */
export const TIME = String.raw`(?:\d{4}-\d\d-)?\d\d(?: \d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d)?)?`;

const PARTS = /^(?:(\d{4})-(\d\d)-)?(\d\d)(?: (\d\d):(\d\d)(?::(\d\d))?(?:([+-])(\d\d):(\d\d))?)?$/;

/** A time of a case as a sender would have stated it. @throws when it is none, or an hour that does not exist or comes twice */
export function statedOf(text: string): StatedTime {
  const [whole, year, month, day, hour, minute, second, sign, offsetHour, offsetMinute] = PARTS.exec(text) ?? [];
  if (whole === undefined) throw new Error(`not a time: ${text}`);
  const number = (part: string | undefined): number | undefined => (part === undefined ? undefined : Number(part));
  const offset = sign && (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const time = statedTime({
    year: number(year) ?? 2026,
    month: number(month) ?? 5,
    day: number(day),
    hour: number(hour),
    minute: number(minute),
    second: number(second),
    ...(typeof offset === 'number' && { offsetMinutes: offset }),
  });
  if (typeof time === 'string') throw new Error(`${text} is a ${time}`);
  return time;
}

/** The instant that a time of a case names. @throws as {@link statedOf} */
export function instantOf(text: string): Instant {
  return statedOf(text).start;
}

/** An instant as the cases write it, seconds only where there are any. */
export function instantText(instant: Instant): string {
  return shortened(localIso(instant).slice(0, 19).replace('T', ' '));
}

/** A stated time as the cases write it. */
export function statedText({ iso, precision, start }: StatedTime): string {
  return precision === 'day' ? shortened(iso) : instantText(start);
}

function shortened(text: string): string {
  return text.replace(/^2026-05-/, '').replace(/^(.*\d\d:\d\d):00$/, '$1');
}
