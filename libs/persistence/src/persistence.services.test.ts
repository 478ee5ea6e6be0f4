import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { createTestDatabase } from '../../../test/services/services.ts';
import {
  createPool,
  definePlainMigration,
  describeSchema,
  inTransaction,
  isDataError,
  jsonArray,
  messagingTables,
  migrate,
  retryingTransaction,
  textArray,
} from './index.ts';

const schema = 'app';
let database: { url: string; drop(): Promise<void> };
let pool: Pool;
const migrations = [
  ...messagingTables(schema),
  definePlainMigration('0001-stays', 'create table stay (id text primary key, version int not null default 1)'),
];

beforeAll(async () => {
  database = await createTestDatabase('persistence');
  pool = createPool({ url: database.url, applicationName: 'test', schema });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const versions = async () =>
  (await pool.query<{ id: string; version: number }>('select id, version from stay order by id')).rows;

describe('migrations', () => {
  it('run once each, in order, when two replicas start at once, and later ones are added', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => migrate({ url: database.url, schema, migrations })));
    expect(runs.map((names) => names.length).sort()).toEqual([0, 0, 4]);
    expect(runs.flat()).toEqual(['0000-messaging', '0001-stays', '9000-poison', '9001-room-for-outbox']);
    const later = definePlainMigration('0002-more', 'alter table stay add column note text');
    expect(await migrate({ url: database.url, schema, migrations: [...migrations, later] })).toEqual(['0002-more']);
    expect(await migrate({ url: database.url, schema, migrations: [...migrations, later] })).toEqual([]);
  });

  it('that fail leave nothing behind', async () => {
    const broken = definePlainMigration('0003-broken', 'create table half (id int); select no_such_function()');
    await expect(migrate({ url: database.url, schema, migrations: [broken] })).rejects.toThrow('no_such_function');
    expect(await describeSchema(database.url, schema)).not.toContain('half');
  });

  it('refuse a name of another form and two of one number', async () => {
    expect(() => definePlainMigration('stays', '')).toThrow(RangeError);
    const twins = [definePlainMigration('0001-a', ''), definePlainMigration('0001-b', '')];
    await expect(migrate({ url: database.url, schema: 'twins', migrations: twins })).rejects.toThrow(RangeError);
  });

  it('make the shared tables as described', async () => {
    const text = await describeSchema(database.url, schema);
    expect(text.slice(text.indexOf('outbox\n'), text.indexOf('stay\n'))).toMatchSnapshot();
    expect(text.slice(text.indexOf('lane\n'), text.indexOf('migration\n'))).toMatchSnapshot();
  });

  it('keep a record of an outbox whole in its page: it is sent and deleted before the room is missed', async () => {
    await inTransaction(pool, async (tx) => {
      await tx.query(`insert into outbox (lane, id, topic, key, kind, schema_version, traceparent, value)
        select 1, 'i' || n, 't', 'k', 'kind', 1, '', repeat('value ', 100 * n) from generate_series(1, 10) n`);
      const { rows } = await tx.query(
        `select max(pg_column_size(value) - length(value))::int as more, min(pg_column_size(value) - length(value))::int as less,
           pg_relation_size((select reltoastrelid from pg_class where oid = 'outbox'::regclass))::int as beside from outbox`,
      );
      // Four bytes tell the length.
      expect(rows).toEqual([{ more: 4, less: 4, beside: 0 }]);
      await tx.query('delete from outbox');
    });
  });

  it('belong to the role they were run under', async () => {
    await pool.query(
      `do $$ begin create role persistence_test_owner; exception when duplicate_object then null; end $$`,
    );
    await pool.query(`select 'grant' where false`);
    const { rows } = await pool.query<{ db: string }>('select current_database() as db');
    await pool.query(`grant create on database "${rows[0]!.db}" to persistence_test_owner`);
    await migrate({
      url: database.url,
      schema: 'owned',
      role: 'persistence_test_owner',
      migrations: messagingTables('owned'),
    });
    const owner = await pool.query<{ tableowner: string }>(
      `select distinct tableowner from pg_tables where schemaname = 'owned'`,
    );
    expect(owner.rows).toEqual([{ tableowner: 'persistence_test_owner' }]);
    const limited = createPool({
      url: database.url,
      applicationName: 'test',
      schema: 'owned',
      role: 'persistence_test_owner',
    });
    await expect(limited.query(`select * from ${schema}.stay`)).rejects.toThrow('permission denied');
    await limited.query('select * from outbox');
    await limited.end();
    await pool.query('drop owned by persistence_test_owner');
    await pool.query('drop role persistence_test_owner').catch(() => undefined);
  });
});

describe('an array of texts', () => {
  it('reaches PostgreSQL as it is, whatever is in it', async () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
        fc.json(),
        fc.constantFrom(
          '',
          'null',
          'NULL',
          '{}',
          '{"a":"\\"b\\""}',
          '\\',
          '"',
          ',',
          ' x ',
          '\n\t\u007f\u0085',
          'åäö 👩‍⚕️',
        ),
      ),
    );
    const plain = fc.asyncProperty(texts, async (given) => {
      const sql = 'select $1::text[] as in_binary, $2::text[] as as_it_is';
      const { rows } = await pool.query(sql, [textArray(given), given]);
      expect(rows).toEqual([{ in_binary: given, as_it_is: given }]);
    });
    await fc.assert(plain, { numRuns: 200 });
    const bodies = ['{"a":"\\"b\\" {å}"}', 'null', '[]'];
    const { rows } = await pool.query<{ read: string }>('select body::text as read from unnest($1::json[]) as body', [
      jsonArray(bodies),
    ]);
    expect(rows.map(({ read }) => read)).toEqual(bodies);
  });
});

describe('a transaction', () => {
  it('commits all or nothing and gives its connection back', async () => {
    const small = createPool({ url: database.url, applicationName: 'test', schema, max: 1 });
    await inTransaction(small, (tx) => tx.query(`insert into stay (id) values ('a')`));
    const failed = inTransaction(small, async (tx) => {
      await tx.query(`insert into stay (id) values ('b')`);
      throw new Error('after the insert');
    });
    await expect(failed).rejects.toThrow('after the insert');
    await inTransaction(small, (tx) => tx.query(`insert into stay (id) values ('c')`));
    expect((await versions()).map(({ id }) => id)).toEqual(['a', 'c']);
    await small.end();
  });

  it('runs statements sent together in their order, and none behind one that fails', async () => {
    await pool.query('delete from stay');
    await inTransaction(pool, (tx) =>
      Promise.all([
        tx.query({ name: 'put', text: 'insert into stay (id) values ($1)', values: ['a'] }),
        tx.query({ name: 'put', text: 'insert into stay (id) values ($1)', values: ['b'] }),
        tx.query('update stay set version = version + 1'),
      ]),
    );
    expect(await versions()).toEqual([
      { id: 'a', version: 2 },
      { id: 'b', version: 2 },
    ]);
    const failing = inTransaction(pool, (tx) =>
      Promise.all([
        tx.query('update stay set version = 9'),
        tx.query({ name: 'put', text: 'insert into stay (id) values ($1)', values: ['a'] }),
        tx.query({ name: 'put-other', text: 'insert into stay (id, version) values ($1, 7)', values: ['c'] }),
      ]),
    );
    // The error is that of the statement that failed, not of those that were refused behind it.
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect((await versions()).map(({ version }) => version)).toEqual([2, 2]);
    await inTransaction(pool, (tx) =>
      tx.query({ name: 'put-other', text: 'insert into stay (id, version) values ($1, 7)', values: ['c'] }),
    );
    expect(await versions()).toContainEqual({ id: 'c', version: 7 });
  });

  it('does not count as committed when a statement failed that nobody heard', async () => {
    const deaf = inTransaction(pool, async (tx) => {
      await tx.query(`insert into stay (id) values ('x')`);
      await tx.query('select no_such_column from stay').catch(() => undefined);
    });
    await expect(deaf).rejects.toThrow('rolled back');
    expect((await versions()).map(({ id }) => id)).not.toContain('x');
  });

  it('survives the end of its backend, idle or at work, and the pool goes on', async () => {
    const small = createPool({ url: database.url, applicationName: 'test', schema, max: 1 });
    const killed = inTransaction(small, (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'));
    await expect(killed).rejects.toThrow();
    const { rows } = await small.query<{ pid: number }>('select pg_backend_pid() as pid');
    await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await expect(retrying(() => small.query('select 1 as one'))).resolves.toMatchObject({ rows: [{ one: 1 }] });
    await small.end();
  });

  it('is repeated on a real deadlock until both are through', async () => {
    await pool.query(`insert into stay (id) values ('x'), ('y')`);
    let waiting = 0;
    const both = async (first: string, second: string) =>
      retryingTransaction(pool, async (tx) => {
        await tx.query('update stay set version = version + 1 where id = $1', [first]);
        // Both hold their first row before either asks for its second, the first time round.
        waiting += 1;
        while (waiting < 2) await new Promise((resolve) => setTimeout(resolve, 5));
        await tx.query('update stay set version = version + 1 where id = $1', [second]);
      });
    await Promise.all([both('x', 'y'), both('y', 'x')]);
    expect(waiting).toBeGreaterThan(2);
    expect((await versions()).filter(({ id }) => id === 'x' || id === 'y')).toEqual([
      { id: 'x', version: 3 },
      { id: 'y', version: 3 },
    ]);
  });

  it('gives up on what is no passing trouble', async () => {
    let runs = 0;
    const work = retryingTransaction(pool, async (tx) => {
      runs += 1;
      await tx.query(`insert into stay (id) values ('a')`);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(isDataError(await work.catch((error: unknown) => error))).toBe(true);
    expect(runs).toBe(1);
  });

  it('loses its locks when its process is frozen inside it', async () => {
    const held = pool.connect().then(async (tx) => {
      tx.on('error', () => undefined);
      await tx.query('begin');
      await tx.query(`update stay set version = 100 where id = 'x'`);
      return tx;
    });
    const tx = await held;
    const { rows } = await pool
      .query<{ limit: string }>('show idle_in_transaction_session_timeout')
      .then(({ rows: shown }) => ({
        rows: shown.map((row) => ({ limit: Object.values(row)[0] as string })),
      }));
    expect(rows).toEqual([{ limit: '5s' }]);
    await retryingTransaction(pool, (other) => other.query(`update stay set version = 7 where id = 'x'`));
    expect((await versions()).find(({ id }) => id === 'x')?.version).toBe(7);
    tx.release(true);
  });
});

async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
