import type { Extension } from 'fhir/r4.js';
import type { Instant, Precision, StatedTime } from '#libs/domain';
import { EXTENSION } from './addresses.ts';
import { missing, required } from './unreadable.ts';

/** An instant as FHIR writes it, in UTC with milliseconds, so that reading gives the very same instant. */
export function writeInstant(instant: Instant): string {
  return new Date(instant).toISOString();
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

/** What the dateTime alone loses: the text as stated, its precision, and the interval that it names. */
export function statedTimeElement(time: StatedTime): { extension: Extension[] } {
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

/** The inverse of {@link statedTimeElement}; the reader stops at `place` when the element lacks the extension. */
export function readStatedTime(element: { extension?: Extension[] } | undefined, place: string): StatedTime {
  const parts = element?.extension?.find(({ url }) => url === EXTENSION.statedTime)?.extension ?? missing(place);
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
  return { url, valueDateTime: fhirDateTime(time), _valueDateTime: statedTimeElement(time) };
}

/** A time as the value of an extension, with nothing that FHIR's own type would lose: for those outside the hub. */
export function dateTimeExtension(url: string, time: StatedTime): Extension {
  return { url, valueDateTime: fhirDateTime(time) };
}
