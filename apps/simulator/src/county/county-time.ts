import { Temporal } from 'temporal-polyfill';

/** Milliseconds since 1970. The simulator keeps its own: what it knows of time may not be what the rules think of it. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

const ZONE = 'Europe/Stockholm';

function inStockholm(at: Instant): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
}

const two = (number: number): string => `${number}`.padStart(2, '0');

/** `2026-03-25`: the local day. */
function localDay(at: Instant): string {
  return inStockholm(at).toPlainDate().toString();
}

/** `20260325`: the local day as HL7 writes it. */
export function hl7Day(at: Instant): string {
  return localDay(at).replaceAll('-', '');
}

/** `20260325143000+0100`: a moment as HL7 writes it, with its offset, so that no hour is there twice. */
export function hl7Time(at: Instant): string {
  const local = inStockholm(at);
  const time = `${two(local.hour)}${two(local.minute)}${two(local.second)}`;
  return `${hl7Day(at)}${time}${local.offset.replace(':', '')}`;
}

/** `ons 25 mars 14.30`: a moment for a person. */
export function readable(at: Instant): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: ZONE,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}

/**
 * A clock on a wall in Stockholm, some days after another moment. An hour that the change to summer time leaves out is the
 * one after it.
 * @param hour hours after midnight; 14.5 is half past two; 24 and above run into the next day
 */
export function onDay(from: Instant, days: number, hour: number): Instant {
  const whole = Math.floor(hour);
  const date = inStockholm(from)
    .toPlainDate()
    .add({ days: days + Math.floor(whole / 24) });
  const time = new Temporal.PlainTime(whole % 24, Math.round((hour - whole) * 60));
  return date.toZonedDateTime({ timeZone: ZONE, plainTime: time }).epochMilliseconds;
}
