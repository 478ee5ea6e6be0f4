import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, describeSchema, inTransaction, migrate } from '#libs/persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/services/services.ts';
import { MIGRATIONS, SCHEMA, STAYS } from './migrations/index.ts';
import { STAY_STATEMENTS } from '#libs/stays';
import { statement, type Statement } from './query.ts';
import { SUSPECTED_STAYS } from './judging/judging.queries.ts';
import { STAYS_OF_OUTAGE, DUE, NEXT_DUE, WAITING } from './watermark/time.queries.ts';
import { FOLLOW_STAYS } from './life/case.queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('watcher-schema');
  await migrate({ url: database.url, schema: SCHEMA, migrations: MIGRATIONS });
});
afterAll(() => database.drop());

describe('the schema', () => {
  it('is the one that was agreed', async () => {
    const agreed = await readFile(new URL('../schema.txt', import.meta.url), 'utf8');
    expect(await describeSchema(database.url, SCHEMA)).toBe(agreed);
  });

  it('finds nothing to do the second time', async () => {
    expect(await migrate({ url: database.url, schema: SCHEMA, migrations: MIGRATIONS })).toEqual([]);
  });
});

describe('the mark of a transfer', () => {
  it('is set for those who were transferred before there was one, by every id that their stay knows', async () => {
    const old = await createTestDatabase('watcher-backfill');
    const later: readonly string[] = ['0003-transfers', '0004-shared-stay-tables'];
    const before = MIGRATIONS.filter(({ name }) => !later.includes(name));
    await migrate({ url: old.url, schema: SCHEMA, migrations: before });
    const pool = createPool({ url: old.url, applicationName: 'backfill', schema: SCHEMA });
    try {
      await pool.query(`
        insert into person values ('a'), ('b'), ('c');
        insert into event values
          ('1', 's', 'i1', 'a', null, 'A01', 1, 1, '{"encounter":{}}'),
          ('2', 's', 'i2', 'b', null, 'A03', 2, 2, '{"encounter":{"leaving":"transfer"}}'),
          ('3', 't', 'i3', 'c', null, 'A03', 3, 3, '{"encounter":{"leaving":"home"}}')`);
      await migrate({ url: old.url, schema: SCHEMA, migrations: MIGRATIONS });
      const { rows } = await pool.query('select patient_id from person where transferred order by 1');
      expect(rows).toEqual([{ patient_id: 'a' }, { patient_id: 'b' }]);
      const { rows: events } = await pool.query(
        'select event_id, stay_id, patient_id, published_at from event order by 1',
      );
      expect(events).toEqual([
        { event_id: '1', stay_id: 's', patient_id: 'a', published_at: '1' },
        { event_id: '2', stay_id: 's', patient_id: 'b', published_at: '2' },
        { event_id: '3', stay_id: 't', patient_id: 'c', published_at: '3' },
      ]);
    } finally {
      await pool.end();
      await old.drop();
    }
  });
});

describe('the plans of what runs often', () => {
  const ids = Array.from({ length: 20 }, (_, n) => `s${n}`);
  const cases: [string, Statement, unknown[], string][] = [
    ['a sweep', DUE, [1000, 0, '', 200], 'deadline_at'],
    ['the next deadline', NEXT_DUE, [1000], 'deadline_at'],
    ['whether any stay waits for the beats', WAITING, [], 'deadline_again'],
    ['the events of stays', statement('events', STAY_STATEMENTS.EVENTS_OF), [ids, ids], 'event_stay'],
    ['the events of a message', statement('events', STAY_STATEMENTS.EVENTS_OF), [ids, ids], 'event_inbound'],
    ['the claims of protection', statement('persons', STAY_STATEMENTS.PERSONS), [ids], 'event_protection'],
    ['the stays of persons', statement('stays', STAY_STATEMENTS.STAYS_OF_PERSONS), [ids], 'event_patient'],
    ['the suspected stays', SUSPECTED_STAYS, [ids], 'rejected_key'],
    ['the stays that an outage touches', STAYS_OF_OUTAGE, [1000, 2000, 10], 'event_intake'],
  ];

  it.each(cases)('%s goes by its index', async (_name, of, values, index) => {
    const pool = createPool({ url: database.url, applicationName: 'plans', schema: SCHEMA });
    try {
      await fill(pool);
      const { text } = of(values);
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>({ text: `explain ${text}`, values });
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain(index);
      expect(plan).not.toMatch(/Seq Scan on (event|deadline|stay|person)\b/);
    } finally {
      await pool.end();
    }
  });
});

describe('a stay that is counted anew', () => {
  it('is written in its own page, and no index', async () => {
    const pool = createPool({ url: database.url, applicationName: 'counted', schema: SCHEMA });
    const stays = Array.from({ length: 400 }, (_, n) => `counted ${n}`);
    const profile = (n: number): unknown[] => [
      stays,
      stays.map(() => null),
      stays.map(() => 'o'),
      stays.map(() => `{"n":${n}}`),
    ];
    try {
      await inTransaction(pool, async (tx) => {
        await tx.query(FOLLOW_STAYS(profile(1)));
        await tx.query(FOLLOW_STAYS(profile(2)));
        const { rows } = await tx.query(
          `select pg_stat_get_xact_tuples_updated('followed_stay'::regclass)::int as all,
             pg_stat_get_xact_tuples_hot_updated('followed_stay'::regclass)::int as in_page`,
        );
        expect(rows).toEqual([{ all: 400, in_page: 400 }]);
      });
    } finally {
      await pool.end();
    }
  });
});

describe('the lock of a stay', () => {
  it('writes the row anew in its own page, and no index: also of stays that began together and fall due together', async () => {
    const own = await createTestDatabase('watcher-locks');
    await migrate({ url: own.url, schema: SCHEMA, migrations: MIGRATIONS });
    const pool = createPool({ url: own.url, applicationName: 'locks', schema: SCHEMA });
    const stays = Array.from({ length: 400 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
    const keys = new Map(stays.map((stay) => [stay, `key of ${stay}`]));
    type Written = Record<'all' | 'in_page', number>;
    const written = `select pg_stat_get_xact_tuples_updated('stay'::regclass)::int as all,
      pg_stat_get_xact_tuples_hot_updated('stay'::regclass)::int as in_page`;
    const locking = (by?: typeof keys): Promise<Written> =>
      inTransaction(pool, async (tx) => {
        const [before] = (await tx.query<Written>(written)).rows;
        await STAYS.lockStays(tx, stays, by);
        const [after] = (await tx.query<Written>(written)).rows;
        return { all: after!.all - before!.all, in_page: after!.in_page - before!.in_page };
      });
    // The room of a row that was written anew is used again once no transaction of the cluster is older, another test's neither.
    const nobodyIsOlder = async (): Promise<void> => {
      const { rows } = await pool.query<{ now: string }>('select pg_current_xact_id()::text as now');
      const oldest = 'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as is_younger';
      for (let isOver = false; !isOver;) {
        isOver = (await pool.query<{ is_younger: boolean }>(oldest, [rows[0]?.now])).rows[0]?.is_younger ?? false;
      }
    };
    try {
      expect(await locking(keys)).toEqual({ all: 0, in_page: 0 });
      expect(await locking()).toEqual({ all: 400, in_page: 400 });
      await nobodyIsOlder();
      expect(await locking(keys)).toEqual({ all: 400, in_page: 400 });
      const { rows } = await pool.query(
        `select count(*)::int as kept from stay where spread_key = 'key of ' || stay_id`,
      );
      expect(rows).toEqual([{ kept: 400 }]);
    } finally {
      await pool.end();
      await own.drop();
    }
  });
});

let filled: Promise<unknown> | undefined;
/** A county's worth of open stays, of which few are due. */
function fill(pool: ReturnType<typeof createPool>): Promise<unknown> {
  filled ??= pool.query(`
    insert into stay select 's' || n, 'k' || n from generate_series(1, 20000) n;
    insert into deadline select 's' || n, 'd', n * 100 from generate_series(1, 20000) n;
    insert into event select 'e' || n, 's' || n, 'i' || n, 'p' || n, case when n % 500 = 0 then 'unknown' end, n * 100, n, '{}'
      from generate_series(1, 20000) n;
    insert into person select 'p' || n, n % 500 = 0 from generate_series(1, 20000) n;
    insert into rejected select 'r' || n, 'k' || n, 'x' || n, 'A08', n, n, 'KS', '{}' from generate_series(1, 20000) n;
    analyze person; analyze stay; analyze deadline; analyze event; analyze rejected; analyze deviation;`);
  return filled;
}
