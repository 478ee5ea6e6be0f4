import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reader } from './stay-store.ts';

/** So long at once the loop may be held by what one batch makes of its stays, ms. */
const AT_ONCE = 25;
/** A transaction that says nothing for longer is ended by the server after 5 s, ms. */
const SILENT = 1000;

/**
 * Work that is done piece by piece. A single message may touch hundreds of stays, and a long stay that has to be folded anew
 * costs as much: done in one go, all consumers of the process would miss their heartbeats and lose their groups, and the server
 * would end the transaction as idle.
 */
export type Pieces<T> = Generator<void, T>;

/** Does work in one go. */
export function atOnce<T>(work: Pieces<T>): T {
  for (;;) {
    const piece = work.next();
    if (piece.done === true) return piece.value;
  }
}

/** Gives way between pieces of work, within one transaction. */
export class GivingWay {
  readonly #tx: Reader;
  #since = performance.now();
  #spoken = performance.now();

  /** @param tx the transaction, which is kept alive meanwhile */
  constructor(tx: Reader) {
    this.#tx = tx;
  }

  /** Does work piece by piece, and lets others go on in between. Nothing else may touch what it works on. */
  async through<T>(work: Pieces<T>): Promise<T> {
    for (;;) {
      const piece = work.next();
      if (piece.done === true) return piece.value;
      await this.next();
    }
  }

  /** To be awaited between two pieces. */
  async next(): Promise<void> {
    const now = performance.now();
    if (now - this.#since < AT_ONCE) return;
    if (now - this.#spoken > SILENT) {
      await this.#tx.query('select 1');
      this.#spoken = performance.now();
    }
    await nextTurn();
    this.#since = performance.now();
  }
}
