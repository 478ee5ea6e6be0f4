import { isDataError, isDatabaseTrouble, sqlState } from '#libs/persistence';
import type { Tx } from '#libs/persistence';
import { asError } from './messaging-error.ts';
import { isGarbled } from './record.ts';
import type { GarbledRecord, InRecord, OutRecord } from './record.ts';

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

/** An error of apply that names a record as the culprit, not the database. */
export class PoisonSuspected extends Error {}

/** In: what apply threw. Out: whether the records are to blame; trouble of the database passes and must not cost a record. */
export function blamesRecords(error: unknown): boolean {
  if (sqlState(error) !== undefined) return isDataError(error);
  return !isDatabaseTrouble(error);
}

/**
 * The usual way: garbled records are handed to onPoison, the others applied at once.
 * Errors: PoisonSuspected when a record is to blame (the transaction is then of no use: run again with `applyCarefully`); else the database's.
 */
export async function applyAtOnce(
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
export async function asApplied(work: () => Promise<void>): Promise<void> {
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
 * Halves the batch around a failing record, each part under a savepoint, until the culprit stands alone; it goes to onPoison, the rest is applied
 * in its order (architecture 2.9). Errors: the database's, and those of onPoison: then the whole batch is tried again later.
 */
export async function applyCarefully(
  tx: Tx,
  records: readonly (InRecord | GarbledRecord)[],
  app: Appliers,
  context: BatchContext,
  undo: Undoable,
): Promise<void> {
  const mark = undo.mark();
  await tx.query('savepoint part');
  try {
    await applyAtOnce(tx, records, app, context);
    await tx.query('release savepoint part');
    return;
  } catch (error) {
    if (!(error instanceof PoisonSuspected)) throw error;
    // When the connection itself is gone this throws, and no record is blamed.
    await tx.query('rollback to savepoint part');
    await tx.query('release savepoint part');
    undo.backTo(mark);
    const [only] = records;
    if (only !== undefined && records.length === 1) {
      await app.onPoison(tx, only, asError(error.cause), context);
      return;
    }
  }
  const half = records.length >> 1;
  await applyCarefully(tx, records.slice(0, half), app, context, undo);
  await applyCarefully(tx, records.slice(half), app, context, undo);
}
