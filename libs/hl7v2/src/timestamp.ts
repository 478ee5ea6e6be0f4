import { failure, success, type Result } from './result.ts';

export type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction';

/** A time as it was written: what is not written is undefined, never zero. Not an instant (libs/domain makes those). */
export interface Timestamp {
  readonly year: number;
  readonly month: number | undefined;
  readonly day: number | undefined;
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  readonly second: number | undefined;
  /** Whole milliseconds; the fourth decimal is cut off. */
  readonly millis: number | undefined;
  /** Minutes east of UTC; undefined = local time of the sender. */
  readonly offsetMinutes: number | undefined;
  readonly precision: Precision;
  /** More was written than is sure, and left out: a note for the event (SAL-2). */
  readonly excess: boolean;
}

export interface TimestampFault {
  /** Not a DTM at all; a date, hour or offset that does not exist; a year outside 1850..2199. */
  readonly code: 'malformed' | 'impossible' | 'implausible-year';
}

const DTM =
  /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,4}))?)?)?)?)?)?(?:([+-])(\d\d)(\d\d))?(?:\^[A-Z]?)?$/;
/** A time to the second whose fraction is too long, empty, after a comma, or glued on in thousandths, millionths or billionths. */
const ODD_FRACTION = /^(\d{14})(?:[.,](\d*)|(?:\d{3}){1,3})([+-]\d{4})?(\^[A-Z]?)?$/;
const [EARLIEST, LATEST] = [1850, 2199];

/**
 * Reads an HL7 DTM `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`, keeping its precision; the older component
 * "degree of precision" is passed over. A fraction that is no DTM's is left out as far as it is not sure, and told as
 * `excess`; anything else that is no DTM is a fault, never a guess (SAL-2, SAL-3). `defaultOffset` (minutes east of UTC,
 * such as MSH-7's) holds for a time of day without an offset of its own; a date alone stays a local date.
 * The year 0226 of a real specification's EVN-6 is a fault, not the year 2026. Source: standards 3.3.
 */
export function parseTimestamp(text: string, defaultOffset?: number): Result<Timestamp, TimestampFault> {
  const trimmed = text.trim();
  const regular = DTM.exec(trimmed);
  const match = regular ?? DTM.exec(withoutExcess(trimmed));
  if (match === null) return failure({ code: 'malformed' });
  const [year = 0, month, day, hour, minute, second] = match.slice(1, 7).map(numberOf);
  const millis = match[7] === undefined ? undefined : Number(match[7].padEnd(3, '0').slice(0, 3));
  const ownOffset = offsetOf(match[8], match[9], match[10]);
  if (year < EARLIEST || year > LATEST) return failure({ code: 'implausible-year' });
  if (!dayExists(year, month, day) || !timeExists(hour, minute, second) || !offsetExists(ownOffset, match[10])) {
    return failure({ code: 'impossible' });
  }
  const written = [year, month, day, hour, minute, second, millis].filter((part) => part !== undefined).length;
  const precision = PRECISIONS[written - 1] ?? 'year';
  const offsetMinutes = ownOffset ?? (hour === undefined ? undefined : defaultOffset);
  return success({ year, month, day, hour, minute, second, millis, offsetMinutes, precision, excess: !regular });
}

/** What is sure of a time with an odd fraction: the second, and thousandths where a point or comma sets them off. */
function withoutExcess(text: string): string {
  const [, second = '', fraction = '', offset = ''] = ODD_FRACTION.exec(text) ?? [];
  return second + (fraction === '' ? '' : `.${fraction.slice(0, 3)}`) + offset;
}

/** An instant (milliseconds since 1970) as DTM to the millisecond with the given offset in minutes east of UTC. */
export function formatTimestamp(epochMillis: number, offsetMinutes: number): string {
  const local = new Date(epochMillis + offsetMinutes * 60_000).toISOString().replace(/[-:TZ]/g, '');
  const distance = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? '-' : '+';
  return `${local}${sign}${twoDigits(Math.floor(distance / 60))}${twoDigits(distance % 60)}`;
}

const PRECISIONS: readonly Precision[] = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction'];

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function offsetOf(sign: string | undefined, hours = '', minutes = ''): number | undefined {
  if (sign === undefined) return undefined;
  const distance = Number(hours) * 60 + Number(minutes);
  return sign === '-' && distance > 0 ? -distance : distance;
}

function dayExists(year: number, month: number | undefined, day: number | undefined): boolean {
  if (month === undefined) return true;
  if (month < 1 || month > 12) return false;
  return day === undefined || (day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate());
}

function timeExists(hour = 0, minute = 0, second = 0): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

function offsetExists(offsetMinutes: number | undefined, minutes: string | undefined): boolean {
  if (offsetMinutes === undefined) return true;
  return offsetMinutes >= -12 * 60 && offsetMinutes <= 14 * 60 && Number(minutes) < 60;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
