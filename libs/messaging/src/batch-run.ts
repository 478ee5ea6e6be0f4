import { inTransaction, isTransient } from '#libs/persistence';
import type { Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import { PoisonSuspected, applyAtOnce, applyCarefully } from './apply-batch.ts';
import type { Appliers, BatchContext, Undoable } from './apply-batch.ts';
import { dropSeen, judge } from './batch-judgement.ts';
import type { Judgement } from './batch-judgement.ts';
import { decodeRecord } from './codec.ts';
import type { Batch } from './consumer-seat.ts';
import { Outbox } from './outbox.ts';
import { lockPosition, movePosition } from './position.ts';
import type { PositionKey } from './position.ts';

/** What was done with a batch, for whoever has to publish, count or wait. */
export interface Applied {
  topic: string;
  partition: number;
  lane: number;
  /** The first offset not applied. */
  next: bigint;
  applied: number;
  dropped: number;
  /** Rows written to the outbox. */
  appended: number;
}

export interface BatchRunOptions extends Appliers {
  pool: Pool;
  schema: string;
  group: string;
  owner: string;
}

export type BatchResult =
  | { done: true; applied: Applied; begun: boolean; afterCommit: readonly (() => void)[] }
  | { done: false; judgement: Exclude<Judgement, 'take' | 'begin'>; next: bigint };

/**
 * A batch in one transaction: lock the position, judge, drop what was seen, apply, outbox, move the position (architecture 2.6).
 * A deadlock or serialisation failure runs the whole again, at once; a failing record is looked for in a second run.
 * In: what to run with, batch, whether a seek to a given position has been tried. Out: what was done. Errors: the database's; then nothing was done.
 */
export async function runBatch(
  options: BatchRunOptions,
  batch: Batch,
  sought: (next: bigint) => boolean,
): Promise<BatchResult> {
  let careful = false;
  for (let attempt = 1; ; attempt++) {
    const run = new BatchRun(options, batch, careful);
    try {
      return await inTransaction(options.pool, (tx) => run.in(tx, sought));
    } catch (error) {
      if (error instanceof PoisonSuspected && !careful) careful = true;
      else if (!isTransient(error) || attempt >= 4) throw error;
    }
  }
}

/** What counts only if its part of the transaction does. */
interface Effect {
  appended: number;
  run?: () => void;
}

class BatchRun implements Undoable {
  readonly #options: BatchRunOptions;
  readonly #batch: Batch;
  readonly #careful: boolean;
  readonly #effects: Effect[] = [];

  constructor(options: BatchRunOptions, batch: Batch, careful: boolean) {
    this.#options = options;
    this.#batch = batch;
    this.#careful = careful;
  }

  async in(tx: Tx, sought: (next: bigint) => boolean): Promise<BatchResult> {
    const { topic, partition, last } = this.#batch;
    const { schema, group, owner } = this.#options;
    const key: PositionKey = { schema, group, topic, partition };
    const position = await lockPosition(tx, key);
    const judgement = judge(position, this.#batch, sought(position.next));
    if (judgement !== 'take' && judgement !== 'begin') return { done: false, judgement, next: position.next };

    const overlap = this.#batch.messages.filter((message) => BigInt(message.offset) >= position.next);
    const decoded = overlap.map((message) => decodeRecord(topic, partition, message));
    const { fresh, seen } = dropSeen(decoded, position.seen);
    if (fresh.length > 0) {
      const context = this.#context(tx, position.lane);
      if (this.#careful) await applyCarefully(tx, fresh, this.#options, context, this);
      else await applyAtOnce(tx, fresh, this.#options, context);
    }
    await movePosition(tx, key, position.next, last + 1n, seen, owner);
    const appended = this.#effects.reduce((sum, effect) => sum + effect.appended, 0);
    const counts = { applied: fresh.length, dropped: decoded.length - fresh.length, appended };
    const applied = { topic, partition, lane: position.lane, next: last + 1n, ...counts };
    const afterCommit = this.#effects.flatMap(({ run }) => run ?? []);
    return { done: true, applied, begun: judgement === 'begin', afterCommit };
  }

  mark(): number {
    return this.#effects.length;
  }

  backTo(mark: number): void {
    this.#effects.length = mark;
  }

  #context(tx: Tx, lane: number): BatchContext {
    return {
      topic: this.#batch.topic,
      partition: this.#batch.partition,
      lane,
      outbox: {
        append: async (records) => {
          await Outbox.append(tx, this.#options.schema, lane, records);
          this.#effects.push({ appended: records.length });
        },
      },
      afterCommit: (run) => void this.#effects.push({ appended: 0, run }),
    };
  }
}
