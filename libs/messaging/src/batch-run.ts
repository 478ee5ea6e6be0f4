import { inTransaction, isTransient } from '#libs/persistence';
import type { Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import { PoisonSuspected, applyAtOnce, applyCarefully, asApplied } from './apply-batch.ts';
import type { Appliers, BatchContext, Undoable } from './apply-batch.ts';
import { dropSeen, judge } from './batch-judgement.ts';
import type { Judgement } from './batch-judgement.ts';
import { decodeRecord } from './codec.ts';
import { place } from './commit-unit.ts';
import type { Batch } from './consumer-seat.ts';
import { Outbox } from './outbox.ts';
import type { Said } from './outbox.ts';
import { lockPositions, movePositions } from './position.ts';
import type { Position, PositionMove } from './position.ts';
import type { GarbledRecord, InRecord } from './record.ts';

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

/** In: what was done. Out: the lanes on which something waits to be sent. */
export function lanesWithNews(applied: readonly Applied[]): number[] {
  return applied.filter(({ appended }) => appended > 0).map(({ lane }) => lane);
}

export interface BatchRunOptions extends Appliers {
  pool: Pool;
  schema: string;
  group: string;
  owner: string;
}

export type BatchResult =
  | { done: true; applied: Applied; begun: boolean }
  | { done: false; judgement: Exclude<Judgement, 'take' | 'begin'>; next: bigint };

/** What became of each batch, in their order, and what is to run now that it is committed. */
export interface RunResult {
  batches: readonly BatchResult[];
  afterCommit: readonly (() => void)[];
}

/** Whether a seek of the batch's partition to a given position has been tried. */
export type Sought = (batch: Batch, next: bigint) => boolean;

/**
 * Batches of different partitions in one transaction: lock the positions, judge each batch, drop what was seen, apply all at
 * once, outbox, move the positions (architecture 2.6). A batch that is not to be taken is left out, the others go on.
 * A deadlock or serialisation failure runs the whole again, at once; a failing record is looked for in a second run.
 * In: what to run with, batches of distinct partitions, what was sought. Out: what was done. Errors: the database's; then nothing was done.
 */
export async function runBatches(
  options: BatchRunOptions,
  batches: readonly Batch[],
  sought: Sought,
): Promise<RunResult> {
  let careful = false;
  for (let attempt = 1; ; attempt++) {
    const run = new BatchRun(options, careful);
    try {
      return await inTransaction(options.pool, (tx) => run.in(tx, batches, sought));
    } catch (error) {
      if (error instanceof PoisonSuspected && !careful) careful = true;
      else if (!isTransient(error) || attempt >= 4) throw error;
    }
  }
}

/** A batch that is taken: what of it is new, and the step of its position. */
interface Taken {
  batch: Batch;
  position: Position;
  begun: boolean;
  records: number;
  fresh: (InRecord | GarbledRecord)[];
  move: PositionMove;
}

/** What counts only if its part of the transaction does. */
type Effect = { saidOn: number } | { run: () => void };

class BatchRun implements Undoable {
  readonly #options: BatchRunOptions;
  readonly #careful: boolean;
  readonly #lanes = new Map<string, number>();
  readonly #effects: Effect[] = [];
  /** Said and not yet written. */
  #said: Said[] = [];

  constructor(options: BatchRunOptions, careful: boolean) {
    this.#options = options;
    this.#careful = careful;
  }

  async in(tx: Tx, batches: readonly Batch[], sought: Sought): Promise<RunResult> {
    const positions = await lockPositions(tx, this.#options, batches);
    const judged = batches.map((batch, at) => {
      const position = positions[at];
      if (position === undefined) throw new Error('a batch without a position');
      this.#lanes.set(place(batch.topic, batch.partition), position.lane);
      return judgedBatch(batch, position, sought);
    });
    const taken = judged.filter((each) => 'fresh' in each);
    await this.#apply(
      tx,
      taken.flatMap(({ fresh }) => fresh),
    );
    const moves = taken.map(({ move }) => move);
    await Promise.all([this.#write(tx), movePositions(tx, this.#options, moves, this.#options.owner)]);
    return {
      batches: judged.map((each) => ('fresh' in each ? this.#done(each) : each)),
      afterCommit: this.#effects.flatMap((effect) => ('run' in effect ? effect.run : [])),
    };
  }

  mark(): number {
    return this.#effects.length;
  }

  backTo(mark: number): void {
    this.#effects.length = mark;
    this.#said = [];
  }

  async #apply(tx: Tx, records: readonly (InRecord | GarbledRecord)[]): Promise<void> {
    if (records.length === 0) return;
    const theirs = this.#options;
    if (!this.#careful) return applyAtOnce(tx, records, theirs, this.#context);
    const app: Appliers = {
      apply: (tx, good, context) => theirs.apply(tx, good, context).then(() => this.#write(tx)),
      onPoison: (tx, record, error, context) => theirs.onPoison(tx, record, error, context).then(() => this.#write(tx)),
    };
    return applyCarefully(tx, records, app, this.#context, this);
  }

  /** What a record makes the app say is part of applying it: a text that PostgreSQL refuses is that record's fault. */
  async #write(tx: Tx): Promise<void> {
    const said = this.#said;
    this.#said = [];
    await asApplied(() => Outbox.appendAll(tx, this.#options.schema, said));
    for (const { lane } of said) this.#effects.push({ saidOn: lane });
  }

  #done({ batch, position, begun, records, fresh, move }: Taken): BatchResult {
    const { topic, partition } = batch;
    const { lane } = position;
    const appended = this.#effects.filter((effect) => 'saidOn' in effect && effect.saidOn === lane).length;
    const counts = { applied: fresh.length, dropped: records - fresh.length, appended };
    return { done: true, begun, applied: { topic, partition, lane, next: move.to, ...counts } };
  }

  readonly #context: BatchContext = {
    say: (records, { topic, partition }) => {
      const lane = this.#lanes.get(place(topic, partition));
      if (lane === undefined) throw new Error('said because of a record that is not in the batch');
      for (const record of records) this.#said.push({ lane, record });
    },
    afterCommit: (run) => void this.#effects.push({ run }),
  };
}

function judgedBatch(batch: Batch, position: Position, sought: Sought): Taken | Extract<BatchResult, { done: false }> {
  const { topic, partition, last } = batch;
  const { next } = position;
  const judgement = judge(position, batch, sought(batch, next));
  if (judgement !== 'take' && judgement !== 'begin') return { done: false, judgement, next };
  const overlap = batch.messages.filter((message) => BigInt(message.offset) >= next);
  const decoded = overlap.map((message) => decodeRecord(topic, partition, message));
  const { fresh, seen } = dropSeen(decoded, position.seen);
  const move = { topic, partition, from: next, to: last + 1n, seen };
  return { batch, position, begun: judgement === 'begin', records: decoded.length, fresh, move };
}
