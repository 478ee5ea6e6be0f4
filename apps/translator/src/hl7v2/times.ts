import { offsetAt, statedTime, type ClockChange, type Instant, type Stated, type StatedTime } from '#libs/domain';
import { parseTimestamp, type Hl7Message, type Timestamp, type Value } from '#libs/hl7v2';
import type { Agreement } from '#libs/county';
import type { Findings } from '../findings.ts';
import { placeOf, valueAt } from './places.ts';

const FAULTS = { gap: 'time-in-gap', overlap: 'time-in-overlap' } as const;

/**
 * The times of one message, as its sender wrote them, their precision kept. A time that cannot be read is a finding and
 * counts as not stated.
 *
 * A time of day without an offset has MSH-7's. Where that is Stockholm's own at the time of sending, the sender's clock is
 * Stockholm's: then a time of the other half of the year has the offset of its own day, or every stay over a clock change
 * would begin an hour off; MSH-7 settles only the hour that is not there or comes twice. An agreement may say that the
 * sender's times are Stockholm's whatever MSH-7 says (`zone`).
 */
export class MessageTimes {
  /** MSH-7; when the hub took the message in where MSH-7 cannot be read. */
  readonly sentAt: Instant;
  /** First instant after what MSH-7 names. */
  readonly sentUntil: Instant;
  readonly #findings: Findings;
  /** Minutes east of UTC for times without an offset; undefined: Stockholm's. */
  readonly #offset: number | undefined;
  /** The offset is the one that Stockholm's clocks had at the time of sending. */
  readonly #isStockholms: boolean;

  constructor(
    message: Hl7Message,
    { zone, fields }: Pick<Agreement, 'zone' | 'fields'>,
    intakeAt: Instant,
    findings: Findings,
  ) {
    this.#findings = findings;
    const value = valueAt(message, fields.sentAt);
    const place = placeOf(fields.sentAt);
    const written = this.#parse(value, place);
    const sent = written && this.#orFinding(statedTime(written), place);
    if (value.kind !== 'value') findings.unstated('missing-field', place);
    this.sentAt = sent?.start ?? intakeAt;
    this.sentUntil = sent?.end ?? intakeAt + 1;
    const offset = sent && written.offsetMinutes;
    this.#isStockholms = offset === offsetAt(this.sentAt);
    this.#offset = this.#isStockholms || zone === 'message' ? offset : undefined;
  }

  /** What stands at a place: undefined for absent and unreadable, null for HL7's null. */
  read(value: Value, place: string): Stated<StatedTime> {
    if (value.kind === 'null') return null;
    const written = this.#parse(value, place);
    return written && this.#orFinding(this.#interval(written), place);
  }

  /**
   * When a fact holds from: a precise time at its start, one that names a day or an hour at the last millisecond of it
   * (the first after it belongs to the next local day), but never after it was sent (contract 5). `late`: it said that it
   * holds from later (DEC-21). A minute is precise.
   */
  ofFact(time: StatedTime): { readonly at: Instant; readonly late: boolean } {
    const meant = IMPRECISE.has(time.precision) ? time.end - 1 : time.start;
    return { at: Math.min(meant, this.sentAt), late: time.start >= this.sentUntil };
  }

  #parse(value: Value, place: string): Timestamp | undefined {
    if (value.kind !== 'value') return undefined;
    const parsed = parseTimestamp(value.text);
    if (!parsed.ok) {
      this.#findings.unstated('bad-timestamp', place);
      return undefined;
    }
    if (parsed.value.excess) this.#findings.note('excess-in-time', place);
    return parsed.value;
  }

  #interval(written: Timestamp): StatedTime | ClockChange {
    const local = statedTime(written);
    const isDate = written.hour === undefined;
    if (isDate || written.offsetMinutes !== undefined || this.#offset === undefined) return local;
    if (this.#isStockholms && typeof local === 'object') return local;
    return statedTime({ ...written, offsetMinutes: this.#offset });
  }

  #orFinding(time: StatedTime | ClockChange, place: string): StatedTime | undefined {
    if (typeof time === 'object') return time;
    this.#findings.unstated(FAULTS[time], place);
    return undefined;
  }
}

const IMPRECISE: ReadonlySet<StatedTime['precision']> = new Set(['year', 'month', 'day', 'hour']);
