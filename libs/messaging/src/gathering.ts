import type { Batch, Outcome } from './consumer-seat.ts';

/** Runs batches of different partitions together. In: the batches. Out: what to do after each, in their order. Never rejects. */
export type RunTogether = (batches: readonly Batch[]) => Promise<readonly Outcome[]>;

interface Guest {
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
  #guests: Guest[] = [];

  /** In: what runs a part, and the most records of a part of several batches, asked anew each time. */
  constructor(run: RunTogether, most: () => number) {
    this.#run = run;
    this.#most = most;
  }

  /** In: a batch; no other of its partition is under way. Out: what to do after it. */
  add(batch: Batch): Promise<Outcome> {
    if (this.#guests.length === 0) setImmediate(() => this.#begin());
    return new Promise((done) => this.#guests.push({ batch, done }));
  }

  #begin(): void {
    const guests = this.#guests;
    this.#guests = [];
    for (const part of inParts(guests, this.#most())) void this.#finish(part);
  }

  async #finish(part: readonly Guest[]): Promise<void> {
    const outcomes = await this.#run(part.map(({ batch }) => batch));
    part.forEach(({ done }, at) => done(outcomes[at] ?? { then: 'again', afterMs: 1000 }));
  }
}

/** A batch that alone has more records is a part of its own. */
function inParts(guests: readonly Guest[], most: number): Guest[][] {
  const parts: Guest[][] = [];
  let records = Infinity;
  for (const guest of guests) {
    records += guest.batch.messages.length;
    const part = parts.at(-1);
    if (part !== undefined && records <= most) part.push(guest);
    else {
      parts.push([guest]);
      records = guest.batch.messages.length;
    }
  }
  return parts;
}
