import type { Batch } from './consumer-seat.ts';

/**
 * How much of a batch goes into one transaction. A transaction that takes too long is ended by PostgreSQL
 * (`idle_in_transaction_session_timeout`), and the same batch again would take as long: a partition would stand still for
 * ever. So a failure halves what is tried next, down to one record, and each success doubles it.
 *
 * whole -> (failure) half -> (failure) a quarter ... one; one ... half -> (success) whole.
 */
export class BatchPortions {
  /** By topic and partition; whole batches where there is none. */
  readonly #most = new Map<string, number>();

  /** The beginning of a batch that is to be tried now: a batch of its own, or the whole. */
  first(where: string, batch: Batch): Batch {
    const most = this.#most.get(where);
    const next = most === undefined ? undefined : batch.messages[most];
    if (most === undefined || next === undefined) return batch;
    return { ...batch, messages: batch.messages.slice(0, most), last: BigInt(next.offset) - 1n };
  }

  /** What is left of a batch after a portion of it; undefined after the last. */
  after(portion: Batch, batch: Batch): Batch | undefined {
    if (portion.last >= batch.last) return undefined;
    return { ...batch, messages: batch.messages.slice(portion.messages.length), first: portion.last + 1n };
  }

  failed(where: string, portion: Batch): void {
    this.#most.set(where, Math.max(1, portion.messages.length >> 1));
  }

  went(where: string, portion: Batch): void {
    const most = this.#most.get(where);
    if (most === undefined) return;
    if (most > MOST_WORTH_KEEPING) this.#most.delete(where);
    else if (portion.messages.length >= most) this.#most.set(where, most * 2);
  }
}

/** Above this a batch is whole anyway. */
const MOST_WORTH_KEEPING = 4096;
