import type { Batch, Outcome } from './consumer-session.ts';

/**
 * Runs work on all items; when it blames them, on each half, until the culprit stands alone (architecture 2.9).
 * In: items in their order; `attempt`, which answers the error when an item is to blame and undefined when all went well;
 * what to do with the one that is to blame. Errors: those that `attempt` and `culprit` throw; then nothing more is tried.
 */
export async function halveAround<T>(
  items: readonly T[],
  attempt: (part: readonly T[]) => Promise<Error | undefined>,
  culprit: (item: T, error: Error) => Promise<void>,
): Promise<void> {
  const blamed = await attempt(items);
  if (blamed === undefined) return;
  const [only] = items;
  if (only !== undefined && items.length === 1) return culprit(only, blamed);
  const half = items.length >> 1;
  await halveAround(items.slice(0, half), attempt, culprit);
  await halveAround(items.slice(half), attempt, culprit);
}

/** How many records are tried at once: half of what failed, down to one; double after each success that was as large as allowed. */
export class AdaptiveLimit {
  readonly #most: number;
  #value: number;

  constructor(most: number) {
    this.#most = most;
    this.#value = most;
  }

  get value(): number {
    return this.#value;
  }

  failed(records: number): void {
    this.#value = Math.max(1, records >> 1);
  }

  went(records: number): void {
    if (records >= this.#value) this.#value = Math.min(this.#most, this.#value * 2);
  }
}

/**
 * How much of a batch goes into one transaction. A transaction that takes too long is ended by PostgreSQL
 * (`idle_in_transaction_session_timeout`), and the same batch again would take as long: a partition would stand still for
 * ever. So a failure halves what is tried next, down to one record, and each success doubles it.
 *
 * whole -> (failure) half -> (failure) a quarter ... one; one ... half -> (success) whole.
 */
export class BatchPortions {
  /** By topic and partition; whole batches where there is none. */
  readonly #limits = new Map<string, AdaptiveLimit>();

  /** The beginning of a batch that is to be tried now: a batch of its own, or the whole. */
  first(where: string, batch: Batch): Batch {
    const most = this.#limits.get(where)?.value;
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
    const limit = this.#limits.get(where) ?? new AdaptiveLimit(2 * MOST_WORTH_KEEPING);
    limit.failed(portion.messages.length);
    this.#limits.set(where, limit);
  }

  went(where: string, portion: Batch): void {
    const limit = this.#limits.get(where);
    if (limit !== undefined && limit.value > MOST_WORTH_KEEPING) this.#limits.delete(where);
    else limit?.went(portion.messages.length);
  }
}

/** Above this a batch is whole anyway. */
const MOST_WORTH_KEEPING = 4096;

/** Runs batches of different partitions together. In: the batches. Out: what to do after each, in their order. Never rejects. */
export type RunTogether = (batches: readonly Batch[]) => Promise<readonly Outcome[]>;

interface Waiting {
  readonly batch: Batch;
  readonly done: (outcome: Outcome) => void;
}

/**
 * Batches that arrive in one turn of the event loop become one piece of work: kafkajs hands over all partitions of a fetch in
 * one turn, and fetches again only when all of them are done. States: empty; gathering, until the end of the turn.
 *
 * Batches are run in parts of at most so many records, so that a backlog does not make one endless transaction.
 */
export class Gathering {
  readonly #run: RunTogether;
  readonly #most: () => number;
  #waiting: Waiting[] = [];

  /** In: what runs a part, and the most records of a part of several batches, asked anew each time. */
  constructor(run: RunTogether, most: () => number) {
    this.#run = run;
    this.#most = most;
  }

  /** In: a batch; no other of its partition is under way. Out: what to do after it. */
  add(batch: Batch): Promise<Outcome> {
    if (this.#waiting.length === 0) setImmediate(() => this.#begin());
    return new Promise((done) => this.#waiting.push({ batch, done }));
  }

  #begin(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const part of inParts(waiting, this.#most())) void this.#finish(part);
  }

  async #finish(part: readonly Waiting[]): Promise<void> {
    const outcomes = await this.#run(part.map(({ batch }) => batch));
    part.forEach(({ done }, at) => done(outcomes[at] ?? { then: 'again', afterMs: 1000 }));
  }
}

/** A batch that alone has more records is a part of its own. */
function inParts(waiting: readonly Waiting[], most: number): Waiting[][] {
  const parts: Waiting[][] = [];
  let records = Infinity;
  for (const each of waiting) {
    records += each.batch.messages.length;
    const part = parts.at(-1);
    if (part !== undefined && records <= most) part.push(each);
    else {
      parts.push([each]);
      records = each.batch.messages.length;
    }
  }
  return parts;
}
