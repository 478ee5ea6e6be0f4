import type { Extension } from 'fhir/r4.js';
import {
  HOUR,
  type Instant,
  type PersonName,
  type Precision,
  type RegisteredAddress,
  type StatedTime,
} from '#libs/domain';
import { EXTENSION } from './addresses.ts';
import { missing, required } from './resource.ts';

const DAY = 24 * HOUR;
/** The day that was written last, and its text up to `T`: the times of a stay lie on few days, and a Date is dear. */
let [day, date] = [NaN, ''];
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const two = (number: number): string => TWO_DIGITS[number] ?? '';

/**
 * An instant as FHIR writes it, in UTC with milliseconds, so that reading gives the very same instant.
 * @throws RangeError for what is no instant
 */
export function writeInstant(instant: Instant): string {
  const its = Math.floor(instant / DAY);
  if (its !== day) {
    const text = new Date(instant).toISOString();
    [day, date] = [its, text.slice(0, text.indexOf('T') + 1)];
  }
  const millis = Math.trunc(instant) - its * DAY;
  const seconds = Math.floor(millis / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${date}${clock}.${String(millis % 1000).padStart(3, '0')}Z`;
}

/** The inverse of {@link writeInstant}; the reader stops at `place` when the text is no time. */
export function readInstant(text: string | undefined, place: string): Instant {
  const instant = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isNaN(instant) ? missing(place) : instant;
}

/** A stated time as a FHIR dateTime. R4 has none with hours but without seconds: those are filled with zeros. */
export function fhirDateTime(time: StatedTime): string {
  const { iso, precision } = time;
  if (precision === 'hour') return `${iso.slice(0, 13)}:00:00${iso.slice(13)}`;
  return precision === 'minute' ? `${iso.slice(0, 16)}:00${iso.slice(16)}` : iso;
}

const EXACT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)$/;
/** Of the point of an exact time with milliseconds. */
const POINT = 19;

/** The stated time that a dateTime tells by itself: to the second or the millisecond, with its offset. */
function toldByDateTime(iso: string): StatedTime | undefined {
  if (!EXACT.test(iso)) return undefined;
  const start = Date.parse(iso);
  if (Number.isNaN(start)) return undefined;
  return iso.charAt(POINT) === '.'
    ? { iso, precision: 'milli', start, end: start + 1 }
    : { iso, precision: 'second', start, end: start + 1000 };
}

/**
 * What the dateTime alone loses: the text as stated, its precision, and the interval that it names. Most senders state times
 * to the second: of such a time nothing is lost, and saying it all the same is a fifth of a record's bytes.
 * @returns undefined when nothing is lost
 */
export function statedTimeElement(time: StatedTime): { extension: Extension[] } | undefined {
  const told = toldByDateTime(time.iso);
  if (told?.precision === time.precision && told.start === time.start && told.end === time.end) return undefined;
  return {
    extension: [
      {
        url: EXTENSION.statedTime,
        extension: [
          { url: 'iso', valueString: time.iso },
          { url: 'precision', valueCode: time.precision },
          { url: 'start', valueInstant: writeInstant(time.start) },
          { url: 'end', valueInstant: writeInstant(time.end) },
        ],
      },
    ],
  };
}

const PRECISIONS: readonly string[] = ['year', 'month', 'day', 'hour', 'minute', 'second', 'milli'];
const isPrecision = (text: string | undefined): text is Precision => text !== undefined && PRECISIONS.includes(text);

/**
 * The inverse of {@link fhirDateTime} and {@link statedTimeElement}; records of the version before have the element beside
 * every time. The reader stops at `place` when it is lacking beside a time that needs it.
 */
export function readStatedTime(
  dateTime: string | undefined,
  element: { extension?: Extension[] } | undefined,
  place: string,
): StatedTime {
  const parts = element?.extension?.find(({ url }) => url === EXTENSION.statedTime)?.extension;
  if (parts === undefined) return toldByDateTime(required(dateTime, place)) ?? missing(place);
  let iso: string | undefined;
  let precision: string | undefined;
  let start: string | undefined;
  let end: string | undefined;
  for (const part of parts) {
    if (part.url === 'iso') iso = part.valueString;
    else if (part.url === 'precision') precision = part.valueCode;
    else if (part.url === 'start') start = part.valueInstant;
    else if (part.url === 'end') end = part.valueInstant;
  }
  return {
    iso: required(iso, place),
    precision: isPrecision(precision) ? precision : missing(place),
    start: readInstant(start, place),
    end: readInstant(end, place),
  };
}

/** A stated time as the value of an extension. */
export function timeExtension(url: string, time: StatedTime): Extension {
  const element = statedTimeElement(time);
  return { url, valueDateTime: fhirDateTime(time), ...(element && { _valueDateTime: element }) };
}

/** The inverse of {@link timeExtension}. */
export function readTimeExtension({ valueDateTime, _valueDateTime }: Extension, place: string): StatedTime {
  return readStatedTime(valueDateTime, _valueDateTime, place);
}

/** A time as the value of an extension, with nothing that FHIR's own type would lose: for those outside the hub. */
export function dateTimeExtension(url: string, time: StatedTime): Extension {
  return { url, valueDateTime: fhirDateTime(time) };
}

const STOCKHOLM = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** An instant for a person: local, to the minute. */
export function spokenInstant(instant: Instant): string {
  return STOCKHOLM.format(instant);
}

/** A stated time for a person: local, to the minute at most. */
export function spokenTime(time: StatedTime): string {
  return time.iso.length <= 10 ? time.iso : spokenInstant(time.start);
}

/**
 * A text as a FHIR string may hold it: no control characters but tab, line feed and carriage return, which a sender's
 * escapes may bring, and not blank.
 * @returns undefined when nothing is left
 */
export function printable(text: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- these are the very characters that have to go
  const cleaned = text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '').trim();
  return cleaned === '' ? undefined : cleaned;
}

const all = (texts: readonly string[]) => texts.flatMap((text) => printable(text) ?? []);

/** A name without parts that FHIR cannot hold. */
export function printableName({ family, given }: PersonName): PersonName {
  const name = family === undefined ? undefined : printable(family);
  return { ...(name === undefined ? {} : { family: name }), given: all(given) };
}

/** An address without parts that FHIR cannot hold. */
export function printableAddress({ lines, ...rest }: RegisteredAddress): RegisteredAddress {
  const parts = Object.entries(rest).flatMap(([part, text]: [string, string | undefined]) => {
    const cleaned = text === undefined ? undefined : printable(text);
    return cleaned === undefined ? [] : [[part, cleaned] as const];
  });
  return { lines: all(lines), ...Object.fromEntries(parts) };
}
