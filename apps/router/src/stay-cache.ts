import type { StayCase } from './stay-case.ts';

/** How many events and notices told, of all stays together, are kept; a stay counts as one more. Each is a few kilobytes. */
const MOST_KEPT = 10_000;

interface Kept {
  readonly version: number;
  readonly stay: StayCase;
  readonly size: number;
}

/**
 * What was loaded and folded of stays, from one transaction to the next, so that a message of a long stay does not load and
 * fold what the one before it had.
 *
 *   kept      by the transaction that had the stay, once it is committed, with the version that its lock gave the row
 *   taken     by the next that locks the stay, and is no longer kept: what is rolled back is not there any more
 *   dropped   when the version is another: somebody else had the stay in between; and the longest unused when it is too much
 *
 * Every lock of a stay moves its version, so it depends on nothing else that what is kept is what PostgreSQL holds: not on
 * which replica has the partition, nor on the order in which transactions end.
 */
export class StayCache {
  readonly #most: number;
  /** The longest unused first. */
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(most = MOST_KEPT) {
    this.#most = most;
  }

  has(stayId: string): boolean {
    return this.#kept.has(stayId);
  }

  /**
   * Takes a stay out.
   * @param version of the row before this transaction's lock moved it
   * @returns undefined when nothing is kept that is of this version
   */
  take(stayId: string, version: number): StayCase | undefined {
    const kept = this.#kept.get(stayId);
    if (!kept) return undefined;
    this.#drop(stayId, kept);
    return kept.version === version ? kept.stay : undefined;
  }

  /** Keeps a stay as the transaction that was just committed left it. @param version that its lock gave the row */
  keep(stay: StayCase, version: number): void {
    const before = this.#kept.get(stay.stayId);
    if (before) this.#drop(stay.stayId, before);
    const { size } = stay;
    if (size > this.#most) return;
    this.#kept.set(stay.stayId, { version, stay, size });
    this.#size += size;
    for (const [stayId, kept] of this.#kept) {
      if (this.#size <= this.#most) return;
      this.#drop(stayId, kept);
    }
  }

  #drop(stayId: string, { size }: Kept): void {
    this.#kept.delete(stayId);
    this.#size -= size;
  }
}
