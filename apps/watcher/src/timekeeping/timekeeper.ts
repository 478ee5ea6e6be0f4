import type { Pool } from 'pg';
import type { Instant } from '#libs/domain';
import type { Log } from '#libs/platform';
import { errorFields } from '#libs/platform';
import { sweep, type SweepParts } from './sweep.ts';
import { NEXT_DUE, RAISE_WATERMARK } from './time.queries.ts';
import type { Watermark } from '../watermark/watermark.ts';

export interface TimekeeperParts extends SweepParts {
  readonly pool: Pool;
  readonly watermark: Pick<Watermark, 'probe'>;
  readonly now: () => Instant;
  readonly log: Log;
  readonly onRaised?: (watermark: Instant) => void;
}

/** Of the machine's clock, ms. */
const LOOK_EVERY = 250;
const PROBE_ANYWAY_EVERY = 5000;

/**
 * Watches the deadlines. States: resting; looking (is anything due by the hub's clock?); probing (it is: may it be said?);
 * sweeping (the watermark allows it). resting -> looking every 250 ms of the machine, or when woken. Probing is as dear as a
 * dozen requests, so it waits until something is due, and is done now and then all the same so that W does not grow old.
 */
export class Timekeeper {
  readonly #parts: TimekeeperParts;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #woken = false;
  #stopped = true;
  #probedAt = -Infinity;
  /** One judgement of time at a time: a step of the clock and the loop must not overtake each other. */
  #working: Promise<unknown> = Promise.resolve();

  constructor(parts: TimekeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
    await this.#working.catch(() => undefined);
  }

  /** Looks at once instead of at the next round. */
  wake(): void {
    if (this.#stopped) return;
    this.#woken = true;
    this.#look();
  }

  /**
   * Judges what is due at an instant at which the clock is about to stand or stands (contract 3, `clock`). The caller
   * guarantees that everything acknowledged has been applied and nothing is taken in. Answers how many records were said.
   */
  judgeAt(instant: Instant): Promise<{ sent: number }> {
    return this.#oneAtATime(async () => ({ sent: await this.#judge(instant, true) }));
  }

  /** The earliest instant at or before `upTo` at which a stay is to be judged again. */
  async nextDue(upTo: Instant): Promise<Instant | undefined> {
    const { rows } = await this.#parts.pool.query<{ at: Instant | null }>(
      NEXT_DUE([Math.min(upTo, Number.MAX_SAFE_INTEGER)]),
    );
    return rows[0]?.at ?? undefined;
  }

  #look(): void {
    if (this.#round) return;
    clearTimeout(this.#timer);
    this.#round = this.#lookOnce().finally(() => {
      this.#round = undefined;
      if (this.#stopped) return;
      const again = this.#woken;
      this.#woken = false;
      if (again) this.#look();
      else this.#timer = setTimeout(() => this.#look(), LOOK_EVERY);
    });
  }

  /** Kafka or PostgreSQL away: W stands still, nothing is said, and the next round tries again. */
  async #lookOnce(): Promise<void> {
    try {
      const aged = performance.now() - this.#probedAt > PROBE_ANYWAY_EVERY;
      if (!aged && (await this.nextDue(this.#parts.now())) === undefined) return;
      const reached = await this.#parts.watermark.probe();
      if (reached === undefined || this.#stopped) return;
      this.#probedAt = performance.now();
      await this.#oneAtATime(() => this.#judge(reached, false));
    } catch (error) {
      this.#parts.log.debug('watermark-stands', errorFields(error));
    }
  }

  async #judge(instant: Instant, stepping: boolean): Promise<number> {
    const { rowCount } = await this.#parts.pool.query(RAISE_WATERMARK([instant]));
    if (rowCount === 1) this.#parts.onRaised?.(instant);
    return sweep(this.#parts, stepping);
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#working.then(work, work);
    this.#working = mine.catch(() => undefined);
    return mine;
  }
}
