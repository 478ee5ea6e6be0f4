/**
 * The order in which one replica took messages in (DEC-20): microseconds since 1970 of the machine's clock, never of the
 * driven one, which stands still. Each is greater than the one before, also within a millisecond and when the machine's
 * clock is set back, so that of two messages of equal times the one that came last holds. A stamp must be taken in the order
 * of the frames of a connection and before the record enters the group commit, which may cut its batches anywhere.
 */
export class IntakeStamp {
  readonly #nowMillis: () => number;
  #last = 0;

  constructor(nowMillis: () => number = Date.now) {
    this.#nowMillis = nowMillis;
  }

  /** The next stamp: a safe integer until the year 2255. */
  next(): number {
    this.#last = Math.max(this.#last + 1, this.#nowMillis() * 1000);
    return this.#last;
  }
}
