import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createPool, describeSchema, inTransaction, migrate } from '#libs/persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA, STAYS } from './router-schema.ts';

const LATER: readonly string[] = ['0004-transfers', '0005-stay-version', '0006-said-stays', '0007-shared-stay-tables'];

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase('router-schema');
  await migrate({ url: database.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
  pool = createPool({ url: database.url, applicationName: 'test', schema: ROUTER_SCHEMA });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('the router’s schema', () => {
  it('is the one that was reviewed', async () => {
    const reviewed = readFileSync(join(import.meta.dirname, '../schema.txt'), 'utf8');
    expect(await describeSchema(database.url, ROUTER_SCHEMA)).toBe(reviewed);
  });

  it('a second migration finds nothing to do', async () => {
    const run = migrate({ url: database.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
    expect(await run).toEqual([]);
  });

  it('has room in each page for what a lock writes: no index hears of it', async () => {
    const stays = Array.from({ length: 400 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
    const written = `select pg_stat_get_xact_tuples_hot_updated('stay'::regclass)::int as in_page`;
    await inTransaction(pool, async (tx) => {
      await STAYS.lockStays(tx, stays);
      const [before] = (await tx.query<{ in_page: number }>(written)).rows;
      await STAYS.lockStays(tx, stays);
      const [after] = (await tx.query<{ in_page: number }>(written)).rows;
      expect(after!.in_page - before!.in_page).toBe(400);
    });
  });

  it('takes over a state of the first versions: its events, and the persons who were transferred before there was a mark', async () => {
    const old = await createTestDatabase('router-backfill');
    const before = ROUTER_MIGRATIONS.filter(({ name }) => !LATER.includes(name));
    await migrate({ url: old.url, schema: ROUTER_SCHEMA, migrations: before });
    const rows = createPool({ url: old.url, applicationName: 'test', schema: ROUTER_SCHEMA });
    try {
      const person = (n: number): string => `39be1528-9c79-82a8-8776-5d75584b0bc${n}`;
      const event = (n: number, who: number, stay: number, leaving: string): string =>
        `('${person(n)}', '${person(stay)}', '${person(who)}', '${person(n)}', 1, 0, '{"encounter":{"leaving":"${leaving}"}}')`;
      await rows.query(`insert into person select id from unnest(array['${person(1)}', '${person(2)}', '${person(3)}']::uuid[]) id;
        insert into event (event_id, stay_id, patient_id, inbound_id, revision, intake_at, body) values
        ${[event(1, 1, 1, 'transfer'), event(2, 2, 1, 'none'), event(3, 3, 2, 'home')].join(',')}`);
      await migrate({ url: old.url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
      const { rows: marked } = await rows.query<{ patient_id: string }>(
        'select patient_id from person where transferred order by 1',
      );
      expect(marked.map((row) => row.patient_id)).toEqual([person(1), person(2)]);
      const { rows: events } = await rows.query('select event_id, stay_id, published_at from event order by 1');
      expect(events).toEqual([
        { event_id: person(1), stay_id: person(1), published_at: '0' },
        { event_id: person(2), stay_id: person(1), published_at: '0' },
        { event_id: person(3), stay_id: person(2), published_at: '0' },
      ]);
    } finally {
      await rows.end();
      await old.drop();
    }
  });

  const ONE = `array['39be1528-9c79-82a8-8776-5d75584b0bce']::uuid[]`;
  it.each([
    ['events of stays', `select body from event where stay_id = any(${ONE})`, 'event_of_stay'],
    ['events of messages', `select body from event where inbound_id = any(${ONE})`, 'event_of_inbound'],
    ['stays of persons', `select distinct stay_id from event where patient_id = any(${ONE})`, 'event_of_patient'],
    ['claims', `select 1 from event where protection is not null and patient_id = any(${ONE})`, 'event_protecting'],
    [
      'notices of stays',
      `select act from notice where stay_id = any(${ONE}) order by stay_id, ordinal`,
      'notice_of_stay',
    ],
    ['tasks of stays', `select duty from task where stay_id = any(${ONE})`, 'task_of_stay'],
  ])('%s are found by index', async (_name, sql, index) => {
    const tx = await pool.connect();
    try {
      // Empty tables would be read whole, which says nothing of full ones.
      await tx.query('set enable_seqscan = off');
      const { rows } = await tx.query<{ 'QUERY PLAN': string }>(`explain ${sql}`);
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
    } finally {
      tx.release(true);
    }
  });
});
