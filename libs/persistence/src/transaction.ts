import type { Pool, PoolClient } from 'pg';
import { isTransient } from './database-error.ts';

/** A client inside a transaction. Only `query` may be used. */
export type Tx = PoolClient;

/**
 * Runs the work in one transaction: all of it is committed, or none. Statements are sent at once and run in their order, so
 * the work may start several before it awaits them; once one has failed, PostgreSQL refuses those behind it.
 * In: pool and work. Out: what the work returns. Errors: those of the work, and the database's, after a rollback.
 * When the reply to the commit is lost the error says nothing about the outcome: the caller must be able to tell by reading.
 */
export async function inTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  // A backend ended by the server reports here; unheard it would end the process.
  tx.on('error', onError);
  try {
    // Sent with the work's first statement. Should it fail, that statement is the last one of this connection: nothing may
    // run outside the transaction.
    const begun = tx.query('begin').catch(async (error: unknown) => {
      await tx.end();
      throw error;
    });
    begun.catch(() => undefined);
    const result = await work(tx);
    await begun;
    const { command } = await tx.query('commit');
    // PostgreSQL answers the commit of a failed transaction with a rollback, and no error.
    if (command !== 'COMMIT') throw new Error('rolled back: a statement failed and the work went on');
    return result;
  } catch (error) {
    await tx.query('rollback').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error('rollback failed');
    });
    // A statement that ran into the client's own limit may still be running there.
    if (error instanceof Error && error.message === 'Query read timeout') broken = error;
    throw error;
  } finally {
    tx.off('error', onError);
    // A connection in doubt is closed, never reused: it might still be inside the old transaction.
    tx.release(broken);
  }
}

/**
 * As `inTransaction`, and the whole again when the database asks for that (deadlock, serialisation, lock timeout).
 * In: pool, work without effects outside the transaction, most attempts. Out and errors as `inTransaction`.
 */
export async function retryingTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(pool, work);
    } catch (error) {
      if (!isTransient(error) || attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}
