import { Temporal } from 'temporal-polyfill';

/** Milliseconds since 1970-01-01T00:00Z. The domain knows no clock: every instant comes in from outside. */
export type Instant = number;

export type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'milli';

/** A time as a sender wrote it: the text is kept beside the interval that it names. */
export interface StatedTime {
  /** ISO 8601 with the precision that was stated, local offset included from the hour on (`2026-05-10`, `2026-05-10T14:30+02:00`). */
  readonly iso: string;
  readonly precision: Precision;
  /** First instant of the interval. */
  readonly start: Instant;
  /** First instant after the interval. */
  readonly end: Instant;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const ZONE = 'Europe/Stockholm';

/** The hour does not exist (spring) or comes twice (autumn): nobody but the sender can tell which instant was meant. */
export type ClockChange = 'gap' | 'overlap';

// Stockholm's offset changes only on whole hours, so one look-up serves an hour of local time; Temporal costs
// tens of microseconds and a message has half a dozen times.
const offsets = new Map<number, number | ClockChange>();
const REMEMBERED_HOURS = 50_000;

function offsetOfLocalHour(hour: number): number | ClockChange {
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  if (offsets.size >= REMEMBERED_HOURS) offsets.clear();
  const found = lookUp(hour);
  offsets.set(hour, found);
  return found;
}

function lookUp(hour: number): number | ClockChange {
  const asUtc = hour * HOUR;
  const local = Temporal.Instant.fromEpochMilliseconds(asUtc).toZonedDateTimeISO('UTC').toPlainDateTime();
  const earlier = local.toZonedDateTime(ZONE, { disambiguation: 'earlier' }).epochMilliseconds;
  const later = local.toZonedDateTime(ZONE, { disambiguation: 'later' }).epochMilliseconds;
  if (earlier === later) return asUtc - earlier;
  // In a gap "earlier" and "later" are other wall clocks than the one asked for.
  const wall = Temporal.Instant.fromEpochMilliseconds(earlier).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return wall.equals(local) ? 'overlap' : 'gap';
}

/**
 * The instant of a wall-clock time in Europe/Stockholm.
 * @returns the instant, or why there is none or more than one (architecture 7; standards 3.3: never guessed).
 */
export function localToInstant(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millis = 0,
): Instant | ClockChange {
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  const offset = offsetOfLocalHour(Math.floor(wall / HOUR));
  return typeof offset === 'number' ? wall - offset : offset;
}

const offsetsOfInstants = new Map<number, number>();

/** Minutes that Stockholm's clocks are ahead of UTC at an instant. */
export function offsetAt(instant: Instant): number {
  const hour = Math.floor(instant / HOUR);
  const known = offsetsOfInstants.get(hour);
  if (known !== undefined) return known;
  if (offsetsOfInstants.size >= REMEMBERED_HOURS) offsetsOfInstants.clear();
  const zoned = Temporal.Instant.fromEpochMilliseconds(hour * HOUR).toZonedDateTimeISO(ZONE);
  const minutes = zoned.offsetNanoseconds / 60e9;
  offsetsOfInstants.set(hour, minutes);
  return minutes;
}

const datesOfInstants = new Map<number, string>();

/** The local calendar day of an instant, `YYYY-MM-DD`. Remembered by hour: no day begins within one. */
export function localDate(instant: Instant): string {
  const hour = Math.floor(instant / HOUR);
  const known = datesOfInstants.get(hour);
  if (known !== undefined) return known;
  if (datesOfInstants.size >= REMEMBERED_HOURS) datesOfInstants.clear();
  const date = new Date(instant + offsetAt(instant) * MINUTE).toISOString().slice(0, 10);
  datesOfInstants.set(hour, date);
  return date;
}

/** The first instant after the local calendar day that holds an instant: the end of "the same day" (LUS 3:2). */
export function endOfLocalDay(instant: Instant): Instant {
  const wall = new Date(instant + offsetAt(instant) * MINUTE);
  return startOfDay(wall.getUTCFullYear(), wall.getUTCMonth() + 1, wall.getUTCDate() + 1);
}

/** The first instant of a local calendar day `YYYY-MM-DD`. */
export function startOfLocalDay(date: string): Instant {
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number);
  return startOfDay(year, month, day);
}

/** A local day some calendar days later. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 24 * HOUR).toISOString().slice(0, 10);
}

/** The end of a local day: the first instant that is too late (DEC-33). */
export function endOfDate(date: string): Instant {
  return startOfLocalDay(plusDays(date, 1));
}

/**
 * True when a local day lies between two dates of the same form, a month or a year alone as far as it says something.
 * @param from absent: from ever on
 * @param to absent: without an end
 */
export function isBetweenDates(day: string, from: string | undefined, to: string | undefined): boolean {
  return (
    (from === undefined || from <= day.slice(0, from.length)) && (to === undefined || to >= day.slice(0, to.length))
  );
}

/** Whole calendar days from one local day to another, negative when the second is before the first. */
export function daysBetween(from: Instant, to: Instant): number {
  return Math.round((Date.parse(localDate(to)) - Date.parse(localDate(from))) / (24 * HOUR));
}

/** Stockholm changes its clocks at night but never at midnight, so a day's start always exists once. */
function startOfDay(year: number, month: number, day: number): Instant {
  const start = localToInstant(year, month, day);
  if (typeof start !== 'number') throw new Error(`local midnight is a clock change: ${year}-${month}-${day}`);
  return start;
}

/**
 * Whether a time of somebody alive, or of care, may lie in a year, as HL7 v2 is read (`libs/hl7v2`). What lies outside was typed
 * wrong, or stands for "not known".
 */
export function isYearOfCare(year: number): boolean {
  return year >= 1850 && year <= 2199;
}

/** Parts of a time as HL7 and FHIR write them; `month` and `day` count from 1. */
export interface TimeParts {
  readonly year: number;
  readonly month?: number | undefined;
  readonly day?: number | undefined;
  readonly hour?: number | undefined;
  readonly minute?: number | undefined;
  readonly second?: number | undefined;
  readonly millis?: number | undefined;
  /** Stated by the sender: it settles the hour that comes twice. */
  readonly offsetMinutes?: number | undefined;
}

/**
 * The interval that a stated time names, with its precision kept.
 * A time without an offset is Stockholm's; the hour that does not exist or comes twice is said so.
 */
export function statedTime(parts: TimeParts): StatedTime | ClockChange {
  const { year, month, day, hour, minute, second, millis } = parts;
  if (month === undefined) return days(pad(year, 4), 'year', [year, 1, 1], [year + 1, 1, 1]);
  const yearMonth = `${pad(year, 4)}-${pad(month)}`;
  if (day === undefined) return days(yearMonth, 'month', [year, month, 1], [year, month + 1, 1]);
  const date = `${yearMonth}-${pad(day)}`;
  if (hour === undefined) return days(date, 'day', [year, month, day], [year, month, day + 1]);
  const precision =
    millis !== undefined ? 'milli' : second !== undefined ? 'second' : minute !== undefined ? 'minute' : 'hour';
  const wall = Date.UTC(year, month - 1, day, hour, minute ?? 0, second ?? 0, millis ?? 0);
  const start =
    parts.offsetMinutes !== undefined
      ? wall - parts.offsetMinutes * MINUTE
      : localToInstant(year, month, day, hour, minute, second, millis);
  if (typeof start !== 'number') return start;
  const clock =
    `T${pad(hour)}` +
    (minute === undefined ? '' : `:${pad(minute)}`) +
    (second === undefined ? '' : `:${pad(second)}`) +
    (millis === undefined ? '' : `.${pad(millis, 3)}`);
  return {
    iso: date + clock + offsetText(parts.offsetMinutes ?? (wall - start) / MINUTE),
    precision,
    start,
    end: start + WIDTH[precision],
  };
}

const WIDTH = { hour: HOUR, minute: MINUTE, second: 1000, milli: 1 } as const;

type Day = readonly [year: number, month: number, day: number];

function days(iso: string, precision: Precision, from: Day, to: Day): StatedTime {
  return { iso, precision, start: startOfDay(...from), end: startOfDay(...to) };
}

/** The local calendar day that holds an instant, as a stated time. */
export function localDay(instant: Instant): StatedTime {
  const iso = localDate(instant);
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  return days(iso, 'day', [year, month, day], [year, month, day + 1]);
}

/** An instant as Stockholm's clocks show it, with the offset: `2026-05-10T14:30:00.000+02:00`. */
export function localIso(instant: Instant): string {
  const offset = offsetAt(instant);
  return new Date(instant + offset * MINUTE).toISOString().slice(0, -1) + offsetText(offset);
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** True for a day of the calendar as `YYYY-MM-DD`. */
export function isLocalDate(text: string): boolean {
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}
