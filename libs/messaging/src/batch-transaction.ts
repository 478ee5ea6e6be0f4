import { inTransaction, isDataError, isDatabaseTrouble, isTransient, sqlState, type Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import type { Batch } from './consumer-session.ts';
import { halveAround } from './gathering.ts';
import { asError } from './messaging-error.ts';
import { Outbox, type Queued, type Said } from './outbox.ts';
import {
  dropSeen,
  judge,
  lockPositions,
  movePositions,
  type Judgement,
  type Position,
  type PositionMove,
} from './position.ts';
import { place, decodeRecord, isGarbled, type GarbledRecord, type InRecord, type OutRecord } from './record.ts';

/** What an app's apply gets beside transaction and records. */
export interface BatchContext {
  /**
   * What is to be published because of a record of this batch: it leaves on the lane of that record's partition, in the
   * order in which it was said there. Written after apply, in one go.
   */
  readonly say: (records: readonly OutRecord[], because: InRecord | GarbledRecord) => void;
  /** Runs after the commit, in order; never when the transaction is rolled back. */
  afterCommit(run: () => void): void;
}

/** In: records of one or more partitions, in order within each. */
export interface Appliers {
  apply(tx: Tx, records: InRecord[], context: BatchContext): Promise<void>;
  onPoison(tx: Tx, record: InRecord | GarbledRecord, error: Error, context: BatchContext): Promise<void>;
}

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
  /** They themselves, in their order. */
  queued: readonly Queued[];
  /** The position was moved last by the same owner: nobody else can have written to the lane since. */
  continued: boolean;
}

export interface BatchRunOptions extends Appliers {
  pool: Pool;
  schema: string;
  group: string;
  /** Of one life of a consumer alone: what it moved last nobody else has touched since (`Applied.continued`). */
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
type Effect = { queued: Queued } | { run: () => void };

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
    const queued = this.#effects.flatMap((effect) => ('queued' in effect ? effect.queued : []));
    const ofLanes = Map.groupBy(queued, ({ lane }) => lane);
    return {
      batches: judged.map((each) => ('fresh' in each ? this.#done(each, ofLanes.get(each.position.lane) ?? []) : each)),
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
    await asApplied(async () => {
      for (const queued of await Outbox.appendAll(tx, this.#options.schema, said)) this.#effects.push({ queued });
    });
  }

  #done({ batch, position, begun, records, fresh, move }: Taken, queued: readonly Queued[]): BatchResult {
    const { topic, partition } = batch;
    const { lane } = position;
    const counts = { applied: fresh.length, dropped: records - fresh.length, appended: queued.length };
    const continued = position.owner === this.#options.owner;
    return { done: true, begun, applied: { topic, partition, lane, next: move.to, ...counts, queued, continued } };
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
  const isNew = batch.first >= next;
  const overlap = isNew ? batch.messages : batch.messages.filter((message) => BigInt(message.offset) >= next);
  const decoded = overlap.map((message) => decodeRecord(topic, partition, message));
  const { fresh, seen } = dropSeen(decoded, position.seen);
  const move = { topic, partition, from: next, to: last + 1n, seen };
  return { batch, position, begun: judgement === 'begin', records: decoded.length, fresh, move };
}

/** An error of apply that names a record as the culprit, not the database. */
class PoisonSuspected extends Error {}

/** In: what apply threw. Out: whether the records are to blame; trouble of the database passes and must not cost a record. */
function blamesRecords(error: unknown): boolean {
  if (sqlState(error) !== undefined) return isDataError(error);
  return !isDatabaseTrouble(error);
}

/**
 * The usual way: garbled records are handed to onPoison, the others applied at once.
 * Errors: PoisonSuspected when a record is to blame (the transaction is then of no use: run again with `applyCarefully`); else the database's.
 */
async function applyAtOnce(
  tx: Tx,
  records: readonly (InRecord | GarbledRecord)[],
  app: Appliers,
  context: BatchContext,
): Promise<void> {
  const good: InRecord[] = [];
  for (const record of records) {
    if (isGarbled(record)) await app.onPoison(tx, record, new Error(record.garbled), context);
    else good.push(record);
  }
  if (good.length > 0) await asApplied(() => app.apply(tx, good, context));
}

/** In: work on records. Errors: PoisonSuspected when its error is the fault of a record, else its error. */
async function asApplied(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PoisonSuspected) && blamesRecords(error))
      throw new PoisonSuspected('apply failed', { cause: error });
    throw error;
  }
}

/** What a rollback to a savepoint must also take back: the outbox is in the database, these are not. */
export interface Undoable {
  mark(): number;
  backTo(mark: number): void;
}

/**
 * The careful way, after a record was suspected: each part under a savepoint, halved until the culprit stands alone; it goes to onPoison, the rest is
 * applied in its order (architecture 2.9). Errors: the database's, and those of onPoison: then the whole batch is tried again later.
 */
async function applyCarefully(
  tx: Tx,
  records: readonly (InRecord | GarbledRecord)[],
  app: Appliers,
  context: BatchContext,
  undo: Undoable,
): Promise<void> {
  const attempt = async (part: readonly (InRecord | GarbledRecord)[]): Promise<Error | undefined> => {
    const mark = undo.mark();
    await tx.query('savepoint part');
    try {
      await applyAtOnce(tx, part, app, context);
      await tx.query('release savepoint part');
      return undefined;
    } catch (error) {
      if (!(error instanceof PoisonSuspected)) throw error;
      // When the connection itself is gone this throws, and no record is blamed.
      await tx.query('rollback to savepoint part');
      await tx.query('release savepoint part');
      undo.backTo(mark);
      return asError(error.cause);
    }
  };
  await halveAround(records, attempt, (record, error) => app.onPoison(tx, record, error, context));
}
