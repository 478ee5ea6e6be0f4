import { localToInstant, type Instant } from '#libs/domain';
import type { Interval } from './condition.ts';

const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const;
type Prefix = (typeof PREFIXES)[number];
const isPrefix = (text: string): text is Prefix => PREFIXES.some((prefix) => prefix === text);

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The intervals that a date of a search means, by FHIR's prefixes; `ne` is two.
 * A date or time without an offset is Europe/Stockholm's (architecture 7).
 * @param text such as `ge2026-05-10` or `lt2026-05-10T14:30:00+02:00`; a space is a `+` that was not encoded
 * @returns undefined when it cannot be read
 */
export function searchDate(text: string): Interval[] | undefined {
  const stated = text.slice(0, 2);
  const prefix = isPrefix(stated) ? stated : 'eq';
  const span = spanOf(text.slice(isPrefix(stated) ? 2 : 0).replace(/ (?=\d\d:\d\d$)/, '+'));
  if (span === undefined) return undefined;
  const { from, to } = span;
  switch (prefix) {
    case 'eq':
      return [{ from, to }];
    case 'ne':
      return [{ to: from }, { from: to }];
    // Our times are instants: after the whole span is both greater and `sa`, before it both less and `eb`.
    case 'gt':
    case 'sa':
      return [{ from: to }];
    case 'lt':
    case 'eb':
      return [{ to: from }];
    case 'ge':
      return [{ from }];
    case 'le':
      return [{ to }];
  }
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

function spanOf(text: string): Span | undefined {
  const [match, year = '', month, day, hour, minute, second, fraction, offset] = DATE.exec(text) ?? [];
  if (match === undefined) return undefined;
  if (hour === undefined) return daysOf(Number(year), month, day);
  const clock = [hour, minute, second, fraction?.slice(0, 3).padEnd(3, '0')].map((part) => Number(part ?? 0));
  const from = instantOf([Number(year), Number(month), Number(day), ...clock], offset);
  if (from === undefined) return undefined;
  if (fraction === undefined) return { from, to: from + (second === undefined ? 60_000 : 1000) };
  return ofFraction(from, fraction);
}

/**
 * What a fraction of a second names, in whole milliseconds, which our times have: finer than that there is none of ours
 * unless the rest is zeros, and then `from` and `to` are the next millisecond, between all that is before and after.
 */
function ofFraction(from: Instant, fraction: string): Span {
  if (/[1-9]/.test(fraction.slice(3))) return { from: from + 1, to: from + 1 };
  return { from, to: from + 1 };
}

/** A whole year, month or day, from midnight to midnight in Stockholm. */
function daysOf(year: number, month: string | undefined, day: string | undefined): Span | undefined {
  const parts = [year, Number(month ?? 1), Number(day ?? 1)] as const;
  const next = wallOf(nextOf(parts, month, day));
  const from = instantOf([...parts, 0, 0, 0, 0], undefined);
  const to = instantOf([next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), 0, 0, 0, 0], undefined);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function nextOf(
  [year, month, day]: readonly [number, number, number],
  statedMonth: string | undefined,
  statedDay: string | undefined,
): [number, number, number] {
  if (statedDay !== undefined) return [year, month, day + 1];
  return statedMonth === undefined ? [year + 1, 1, 1] : [year, month + 1, 1];
}

/** A reading of a clock as if it were in UTC; `Date.UTC` itself takes the year 50 for 1950. */
function wallOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0]: readonly number[]): Date {
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second, millis);
  return wall;
}

function instantOf(parts: readonly number[], offset: string | undefined): Instant | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0] = parts;
  const wall = wallOf(parts);
  const exists =
    wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day && wall.getUTCHours() === hour && minute < 60;
  if (year < 1 || !exists || second > 59) return undefined;
  if (offset !== undefined) return wall.getTime() - minutesOf(offset) * 60_000;
  // The county's time begins later than that, and nothing of ours is so old.
  if (year < 100) return wall.getTime();
  const instant = localToInstant(year, month, day, hour, minute, second, millis);
  return typeof instant === 'number' ? instant : undefined;
}

function minutesOf(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith('-') ? -minutes : minutes;
}
