import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createPool, describeSchema, migrate } from '#libs/persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';

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
