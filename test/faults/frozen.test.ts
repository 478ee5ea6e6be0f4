import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { harmDone } from '../hub/harm.ts';
import { Load } from '../hub/load.ts';
import { startBeside, type AppBeside } from '../hub/app-beside.ts';
import { lasting, startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';

const START = Date.parse('2026-05-04T14:00:00+02:00');
/** Beyond Kafka's session and PostgreSQL's patience with a transaction that does nothing. */
const FROZEN_MILLIS = 12_000;
let hub: TestHub;
let database: pg.Client;
let router: AppBeside | undefined;
let load: Load;

beforeAll(async () => {
  hub = await startTestHub('frozen', { clockStart: START });
  database = new pg.Client({ connectionString: hub.databaseUrl });
  database.on('error', () => undefined);
  await database.connect();
}, 240_000);
afterEach(async () => {
  await load.stop();
  await router?.end();
  router = undefined;
});
afterAll(async () => {
  await database.end();
  await hub.dispose();
});

async function owners(): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    'select count(distinct owner)::int as n from router.position where owner is not null',
  );
  return rows[0]?.n ?? 0;
}

const isInTransaction = async (): Promise<boolean> => {
  const { rowCount } = await database.query(
    `select 1 from pg_stat_activity
     where application_name = 'bryggan-router beside' and xact_start is not null and query like '%insert into event%'`,
  );
  return (rowCount ?? 0) > 0;
};

async function begin(name: string): Promise<void> {
  load = new Load(hub, { name, connections: 4, staysAtOnce: 4, paceMillis: 60 });
  load.start();
}

describe('a second router in the group of the hub', () => {
  it.each([
    ['at any moment', () => Promise.resolve()],
    ['inside its transaction', () => until('the router is inside a transaction', isInTransaction)],
  ])('stopped past its session %s, and continued: no gap, no double effect, order kept', async (name, moment) => {
    await begin(`routers-${name.replaceAll(' ', '-')}`);
    router = await startBeside('router', hub.settingsBeside);
    const joined = router;
    await until('both have partitions', async () => (await owners()) === 2);
    // Slow enough to be caught in the act.
    await database.query(`
      create or replace function router.slow() returns trigger language plpgsql as
        $$ begin perform pg_sleep(0.05); return null; end $$;
      create or replace trigger slow after insert on router.event for each statement execute function router.slow()`);
    await moment();
    joined.signal('SIGSTOP');
    await database.query('drop trigger slow on router.event');
    await lasting(FROZEN_MILLIS);
    joined.signal('SIGCONT');
    await lasting(5_000);
    await load.stop();
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
  });
});

describe('the whole hub', () => {
  it('stopped past every session under load, and continued: nothing is lost, nothing done twice', async () => {
    await begin('whole');
    await until('the load runs', () => load.acknowledged.length > 50);
    hub.signal('SIGSTOP');
    await lasting(FROZEN_MILLIS);
    hub.signal('SIGCONT');
    const atEnd = load.acknowledged.length;
    await until('it takes messages in again', () => load.acknowledged.length > atEnd + 50);
    await load.stop();
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
  });
});
