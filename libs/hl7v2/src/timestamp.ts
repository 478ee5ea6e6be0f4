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

const DTM = /^\d{4}(?:\d\d(?:\d\d(?:\d\d(?:\d\d(?:\d\d(?:\.\d{1,4})?)?)?)?)?)?(?:[+-]\d{4})?(?:\^[A-Z]?)?$/;
const OFFSET_OR_DEGREE = /[+^-]/;
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
  const excess = !DTM.test(trimmed);
  const written = excess ? withoutExcess(trimmed) : trimmed;
  if (excess && !DTM.test(written)) return failure({ code: 'malformed' });
  // Its form is known now: each part has its place, as far as the text goes.
  const end = written.search(OFFSET_OR_DEGREE);
  const local = end < 0 ? written : written.slice(0, end);
  const two = (from: number): number | undefined =>
    from < local.length ? Number(local.slice(from, from + 2)) : undefined;
  const [year, month, day, hour, minute, second] = [
    Number(local.slice(0, 4)),
    two(4),
    two(6),
    two(8),
    two(10),
    two(12),
  ];
  const millis = local.length > POINT ? Number(local.slice(POINT + 1, POINT + 4).padEnd(3, '0')) : undefined;
  const ownOffset = end < 0 ? undefined : offsetOf(written.slice(end));
  if (year < EARLIEST || year > LATEST) return failure({ code: 'implausible-year' });
  if (!dayExists(year, month, day) || !timeExists(hour, minute, second) || !offsetExists(ownOffset)) {
    return failure({ code: 'impossible' });
  }
  const precision = millis === undefined ? (PRECISIONS[(local.length - 4) / 2] ?? 'year') : 'fraction';
  const offsetMinutes = ownOffset ?? (hour === undefined ? undefined : defaultOffset);
  return success({ year, month, day, hour, minute, second, millis, offsetMinutes, precision, excess });
}

/** Where the point of a fraction stands. */
const POINT = 14;

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

const PRECISIONS: readonly Precision[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** Minutes of `+ZZZZ` or `-ZZZZ`; undefined of a degree of precision alone, NaN where there are no such minutes. */
function offsetOf(text: string): number | undefined {
  if (text.startsWith('^')) return undefined;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3, 5))];
  const distance = minutes < 60 ? hours * 60 + minutes : NaN;
  return text.startsWith('-') && distance > 0 ? -distance : distance;
}

function dayExists(year: number, month: number | undefined, day: number | undefined): boolean {
  if (month === undefined) return true;
  if (month < 1 || month > 12) return false;
  return day === undefined || (day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate());
}

function timeExists(hour = 0, minute = 0, second = 0): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

function offsetExists(offsetMinutes: number | undefined): boolean {
  return offsetMinutes === undefined || (offsetMinutes >= -12 * 60 && offsetMinutes <= 14 * 60);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
