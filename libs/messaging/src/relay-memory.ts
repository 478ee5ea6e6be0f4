import type { Pool } from 'pg';
import type { Applied } from './batch-transaction.ts';
import type { GroupCommitProducer } from './group-commit.ts';
import { deletion, recordOf, type Queued } from './outbox.ts';
import { Pace, pause } from './waiting.ts';

export interface RelayMemoryOptions {
  pool: Pool;
  schema: string;
  producer: GroupCommitProducer;
  /** These lanes have to be read from the outbox from now on; the error is what made a send fail, if one did. */
  onLeft(lanes: readonly number[], error?: unknown): void;
}

/** Records that may wait; beyond it the outbox keeps them, as it does anyway. */
const MOST_WAITING = 2000;
const MOST_AT_ONCE = 500;
/** Under load what was sent is deleted together, at most once in so many ms; after a silence at once. */
const DELETE_EVERY_MS = 50;
const AGAIN_MS = 300;

/**
 * Sends what was just committed without reading it back: the outbox is written all the same, and read after a crash.
 * Each lane is in one of two states:
 *
 *   outbox   what it has is read from the outbox (relay-pass.ts); so at the start
 *   memory   everything of it that is committed and not yet sent waits here, in the order of commit
 *
 * outbox -> memory: `take`, when a pass has emptied the lane and nothing was committed to it since.
 * memory -> outbox: somebody else may have written to the lane (a position that was not `continued`, a writer without a
 * partition), a send failed, or too much waits.
 *
 * A reader drops what is not above the last seq that it saw of a lane, so a first copy must never come after a later row's.
 * In memory that holds because a lane is taken only when its outbox is empty, one request is in flight, and whoever holds the
 * position's row lock sees by its owner whether anybody else has written since; a consumer takes another name as owner after
 * each failure, so that a transaction of its own of which it does not know whether it was committed counts as somebody
 * else's. A process that was frozen sends late copies when it wakes: they are dropped.
 */
export class RelayMemory {
  readonly #options: RelayMemoryOptions;
  readonly #lanes = new Set<number>();
  #waiting: Queued[] = [];
  #flying: readonly Queued[] = [];
  /** Acknowledged, and not yet deleted. */
  #sent: Queued[] = [];
  #sending: Promise<void> | undefined;
  #deleting: Promise<void> | undefined;
  readonly #pace = new Pace(DELETE_EVERY_MS);
  #stopped = false;

  constructor(options: RelayMemoryOptions) {
    this.#options = options;
  }

  /** In: lanes that a pass has emptied, and to which nothing was committed since. */
  take(lanes: Iterable<number>): void {
    for (const lane of lanes) this.#lanes.add(lane);
  }

  /** In: lanes that are to be read from the outbox from now on; what waits of them is there. */
  leave(lanes: Iterable<number>): void {
    const left = new Set<number>();
    for (const lane of lanes) if (this.#lanes.delete(lane)) left.add(lane);
    if (left.size > 0) this.#waiting = this.#waiting.filter(({ lane }) => !left.has(lane));
  }

  /** Whether the rows that the outbox shows of a lane are on their way here. */
  carries(lane: number): boolean {
    return [this.#waiting, this.#flying, this.#sent].some((list) => list.some((one) => one.lane === lane));
  }

  /** In: what one transaction did, right after its commit. Out: the lanes whose rows have to be read from the outbox. */
  committed(applied: readonly Applied[]): number[] {
    const others: number[] = [];
    for (const { lane, queued, continued } of applied) {
      const room = this.#waiting.length + queued.length <= MOST_WAITING;
      // Also when this one had nothing to say: somebody else may have written to the lane before it, and not have sent it.
      if (!continued) others.push(lane);
      else if (this.#lanes.has(lane) && room && !this.#stopped) this.#waiting.push(...queued);
      else if (queued.length > 0) others.push(lane);
    }
    this.leave(others);
    if (this.#waiting.length > 0) this.#sending ??= this.#send();
    return others;
  }

  /** What is under way; nothing is begun any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#sending;
    await this.#deleting;
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, MOST_AT_ONCE);
      this.#flying = some;
      try {
        await this.#options.producer.sendAll(some.map((row) => recordOf(this.#options.schema, row)));
        this.#sent.push(...some);
        this.#deleting ??= this.#delete();
      } catch (error) {
        const lanes = [...new Set(some.map(({ lane }) => lane))];
        this.leave(lanes);
        this.#options.onLeft(lanes, error);
      } finally {
        this.#flying = [];
      }
    }
    this.#sending = undefined;
  }

  /** One statement for all that was sent meanwhile. What stays because of a failure is only sent again. */
  async #delete(): Promise<void> {
    const { pool, schema } = this.#options;
    while (this.#sent.length > 0) {
      await this.#pace.turn();
      const rows = this.#sent;
      this.#sent = [];
      try {
        await pool.query(deletion(schema, rows));
      } catch {
        this.#sent = [...rows, ...this.#sent];
        if (this.#stopped) break;
        await pause(AGAIN_MS, true);
      }
    }
    this.#deleting = undefined;
  }
}
