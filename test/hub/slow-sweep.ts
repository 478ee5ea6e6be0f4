import type { Pool } from 'pg';

/**
 * Makes a watcher slow at writing what it found, so that a sweep is caught in the act however fast the machine is.
 * @param pool of the watcher's schema
 * @returns what makes it as fast as it was
 */
export async function slowSweep(pool: Pool): Promise<() => Promise<void>> {
  await pool.query(`
    create or replace function slow() returns trigger language plpgsql as
      $$ begin perform pg_sleep(0.5); return null; end $$;
    create trigger slow after insert on deviation for each statement execute function slow()`);
  return async () => {
    await pool.query('drop trigger slow on deviation');
  };
}
