/** What an app makes of a stay in memory and can go on from in the next transaction. */
export interface StayInMemory {
  readonly stayId: string;
  /** How much of it is in memory: bytes, as text. */
  readonly size: number;
  /** The ids that the person is known by in this stay. */
  patients(): readonly string[];
}

/** The stays that are kept and of use under one version of the county. */
export interface KeptStays<Stay> {
  /** True when something is kept of the stay; whether it is of use only {@link take} can tell. */
  has(stayId: string): boolean;
  /**
   * Takes a stay out.
   * @param version of the row before this transaction's lock moved it
   * @returns undefined when nothing is kept that is of this version
   */
  take(stayId: string, version: number): Stay | undefined;
  /** Keeps a stay as the transaction that was just committed left it. @param version that its lock gave the row */
  keep(stay: Stay, version: number): void;
}

interface Kept<Stay> {
  readonly version: number;
  readonly county: string;
  readonly stay: Stay;
  readonly size: number;
}

/**
 * What was loaded and folded of stays, from one transaction to the next, so that a message of a long stay does not load and
 * fold what the one before it had.
 *
 *   kept      by the transaction that had the stay, once it is committed, with the version that its lock gave the row
 *   taken     by the next that locks the stay, and is no longer kept: what is rolled back is not there any more
 *   dropped   when the version is another: somebody else had the stay in between; when the county is another than the one
 *             that the stay was folded under; and the longest unused when it is too much
 *
 * Every lock of a stay moves its version, so it depends on nothing else that what is kept is what PostgreSQL holds: not on
 * which replica has the partition, nor on the order in which transactions end.
 */
export class StayCache<Stay extends StayInMemory> {
  readonly #most: number;
  /** The longest unused first. */
  readonly #kept = new Map<string, Kept<Stay>>();
  #size = 0;

  /** @param most bytes that are kept of all stays together, as text: `BRYGGAN_STAYS_MEBIBYTES` */
  constructor(most: number) {
    this.#most = most;
  }

  /** What is kept, for a transaction that goes by this county to its end. @param county its version */
  under(county: string): KeptStays<Stay> {
    return {
      has: (stayId) => this.#kept.has(stayId),
      take: (stayId, version) => this.#take(stayId, version, county),
      keep: (stay, version) => this.#keep(stay, version, county),
    };
  }

  #take(stayId: string, version: number, county: string): Stay | undefined {
    const kept = this.#kept.get(stayId);
    if (!kept) return undefined;
    this.#drop(stayId, kept);
    return kept.version === version && kept.county === county ? kept.stay : undefined;
  }

  #keep(stay: Stay, version: number, county: string): void {
    const before = this.#kept.get(stay.stayId);
    if (before) this.#drop(stay.stayId, before);
    const { size } = stay;
    if (size > this.#most) return;
    this.#kept.set(stay.stayId, { version, county, stay, size });
    this.#size += size;
    for (const [stayId, kept] of this.#kept) {
      if (this.#size <= this.#most) return;
      this.#drop(stayId, kept);
    }
  }

  #drop(stayId: string, { size }: Kept<Stay>): void {
    this.#kept.delete(stayId);
    this.#size -= size;
  }
}

/** For a transaction that neither finds nor leaves stays in memory. */
export const NONE_KEPT: KeptStays<never> = {
  has: () => false,
  take: () => undefined,
  keep: () => undefined,
};
