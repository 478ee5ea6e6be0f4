import type { Pool } from 'pg';
import type { Instant } from '#libs/domain';
import { lockLane, Outbox } from '#libs/messaging';
import { retryingTransaction, type Tx } from '#libs/persistence';
import { errorFields, type Log } from '#libs/platform';
import { judgeStays, type Judging, judgingNow, type JudgingParts } from '../judging/judge-stays.ts';
import { keepStays, lockAll, type WatchedStay } from '../judging/watched-stay.ts';
import { SCHEMA } from '../migrations/index.ts';
import type { HubTime, HubTimes } from '../watermark/hub-time.ts';
import type { Watermark } from '../watermark/watermark.ts';
import type { Rejudging } from './rejudging.ts';
import { DUE, NEXT_DUE, RAISE_WATERMARK } from '../watermark/time.queries.ts';

export interface TimekeeperParts extends SweepParts {
  readonly pool: Pool;
  readonly watermark: Pick<Watermark, 'probe'>;
  readonly now: () => Instant;
  readonly log: Log;
  readonly onRaised?: (watermark: Instant) => void;
  /** Judges some more stays after a change of rules; absent: none. */
  readonly rejudging?: Pick<Rejudging, 'begin' | 'goOn'>;
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
  #isBegun = false;
  #isPassed = false;
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
    const round = this.#lookOnce().then(() => this.#rejudge());
    this.#round = round.finally(() => {
      this.#round = undefined;
      if (this.#stopped) return;
      const again = this.#woken;
      this.#woken = false;
      if (again) this.#look();
      else this.#timer = setTimeout(() => this.#look(), LOOK_EVERY);
    });
  }

  /** One step of a pass between two looks: what falls due meanwhile waits for no more than that. */
  async #rejudge(): Promise<void> {
    const { rejudging, log } = this.#parts;
    if (!rejudging || this.#isPassed) return;
    try {
      if (!this.#isBegun) await rejudging.begin();
      this.#isBegun = true;
      this.#isPassed = !(await this.#oneAtATime(() => rejudging.goOn()));
      this.#woken ||= !this.#isPassed;
    } catch (error) {
      log.debug('rejudging-stands', errorFields(error));
    }
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

interface SweepParts {
  readonly pool: Pool;
  readonly judging: JudgingParts;
  readonly hubTimes: HubTimes;
  /** Called after each commit that had something to say. */
  readonly onSaid: (lane: number, records: number) => void;
}

/** The place in the order of deadlines that a sweep has come to. */
interface Cursor {
  readonly at: Instant;
  readonly stayId: string;
}

const START: Cursor = { at: Number.MIN_SAFE_INTEGER, stayId: '' };
const LANE = 'timers';
/** Stays of one transaction: short enough that messages of the same stays do not wait long. */
const STAYS_AT_ONCE = 200;

/**
 * Judges every stay with a deadline at or before the stored watermark (architecture 7). Safe with several replicas: the
 * lane's row is locked, the stays are, and a stay judged twice says nothing new. `stepping`: the caller knows that no outage
 * is unknown, because everything was applied and the clock is being moved. Answers how many records were said.
 */
async function sweep(parts: SweepParts, stepping = false): Promise<number> {
  let said = 0;
  // The cursor passes each deadline once: one that cannot be judged yet stays, and waits for the next sweep.
  for (let cursor: Cursor | undefined = START; cursor;) {
    const judging = judgingNow(parts.judging);
    const chunk = await retryingTransaction(parts.pool, (tx) =>
      sweepChunk(tx, { ...parts, judging }, cursor ?? START, stepping),
    );
    keepStays(chunk.stays, judging.kept);
    if (chunk.said > 0) parts.onSaid(chunk.lane, chunk.said);
    said += chunk.said;
    cursor = chunk.cursor;
  }
  return said;
}

interface ChunkParts extends Pick<SweepParts, 'hubTimes'> {
  readonly judging: Judging;
}

interface Chunk {
  /** To be kept in memory once the chunk is committed. */
  readonly stays: readonly WatchedStay[];
  readonly said: number;
  readonly lane: number;
  readonly cursor: Cursor | undefined;
}

async function sweepChunk(tx: Tx, parts: ChunkParts, after: Cursor, stepping: boolean): Promise<Chunk> {
  const lane = await lockLane(tx, SCHEMA, LANE);
  const read = await parts.hubTimes.read(tx);
  const time: HubTime = stepping ? { ...read, knownUntil: Infinity } : read;
  // A watermark that never was set says nothing; and PostgreSQL has no such bigint.
  if (time.watermark === -Infinity) return { stays: [], said: 0, lane, cursor: undefined };
  const { rows } = await tx.query<{ stay_id: string; at: Instant }>(
    DUE([time.watermark, after.at, after.stayId, STAYS_AT_ONCE]),
  );
  const last = rows.at(-1);
  if (!last) return { stays: [], said: 0, lane, cursor: undefined };
  const stays = await lockAll(
    tx,
    rows.map((row) => row.stay_id),
    parts.judging.kept,
  );
  const records = await judgeStays(tx, stays, time, parts.judging);
  await Outbox.append(tx, SCHEMA, lane, records);
  const cursor = rows.length < STAYS_AT_ONCE ? undefined : { at: last.at, stayId: last.stay_id };
  return { stays, said: records.length, lane, cursor };
}
