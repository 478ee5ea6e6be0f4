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
