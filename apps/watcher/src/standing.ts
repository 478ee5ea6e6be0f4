import type { Instant, Outage } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { Standing } from './judgement.ts';
import { STANDING } from './time.queries.ts';

interface Row {
  readonly watermark: Instant | null;
  readonly beat: Instant | null;
  readonly n: number | null;
  readonly from_at: Instant | null;
  readonly to_at: Instant | null;
}

export interface Standings {
  /** Where the hub stands, as the transaction sees it. */
  read(tx: Pick<Tx, 'query'>): Promise<Standing>;
}

/**
 * Reads where the hub stands in time. Outages are only ever added, by the one writer of the one partition of `uptime`:
 * those read before are kept. A transaction that adds outages must use a reader of its own: it may be rolled back.
 */
export class StandingReader implements Standings {
  readonly #now: () => Instant;
  readonly #limit: number;
  readonly #outages: Outage[] = [];
  #last = 0;

  /** `limit`: how long a silence of the beats may be, ms. */
  constructor(now: () => Instant, limit: number) {
    this.#now = now;
    this.#limit = limit;
  }

  async read(tx: Pick<Tx, 'query'>): Promise<Standing> {
    const { rows } = await tx.query<Row>(STANDING([this.#last]));
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
