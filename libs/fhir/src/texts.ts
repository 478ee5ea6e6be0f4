import type { Instant, PersonName, RegisteredAddress, StatedTime } from '#libs/domain';

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
