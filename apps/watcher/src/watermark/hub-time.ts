import type { Instant, Outage } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import { HUB_TIME } from './time.queries.ts';

interface Row {
  readonly watermark: Instant | null;
  readonly beat: Instant | null;
  readonly n: number | null;
  readonly from_at: Instant | null;
  readonly to_at: Instant | null;
}

/** Where the hub stands in time. */
export interface HubTime {
  readonly watermark: Instant;
  /** The hub's clock. */
  readonly now: Instant;
  readonly outages: readonly Outage[];
  /** Outages are known up to here: the last beat and as long as a silence may be. */
  readonly knownUntil: Instant;
}

export interface HubTimes {
  /** Where the hub stands, as the transaction sees it. */
  read(tx: Pick<Tx, 'query'>): Promise<HubTime>;
}

/**
 * Reads where the hub stands in time. Outages are only ever added, by the one writer of the one partition of `uptime`:
 * those read before are kept. A transaction that adds outages must use a reader of its own: it may be rolled back.
 */
export class HubTimeReader implements HubTimes {
  readonly #now: () => Instant;
  readonly #limit: number;
  readonly #outages: Outage[] = [];
  #last = 0;

  /** `limit`: how long a silence of the beats may be, ms. */
  constructor(now: () => Instant, limit: number) {
    this.#now = now;
    this.#limit = limit;
  }

  async read(tx: Pick<Tx, 'query'>): Promise<HubTime> {
    const { rows } = await tx.query<Row>(HUB_TIME([this.#last]));
    for (const { n, from_at: from, to_at: to } of rows) {
      if (n === null || from === null || to === null || n <= this.#last) continue;
      this.#outages.push({ from, to });
      this.#last = n;
    }
    const watermark = rows[0]?.watermark ?? -Infinity;
    const beat = rows[0]?.beat ?? null;
    return {
      watermark,
      // A judgement at a later watermark than the clock is made by stepping it there (contract 3).
      now: Math.max(this.#now(), watermark),
      outages: this.#outages,
      // Without any beat nothing is known of outages, and nothing would ever be judged.
      knownUntil: beat === null ? Infinity : beat + this.#limit,
    };
  }
}
