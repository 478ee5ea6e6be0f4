import pg from 'pg';
import type { Pool, PoolClient } from 'pg';

/** The tables of one raw app, as the hub's apps have them: position, outbox, and one for its state. */
const tables = (schema: string): string => `
create schema if not exists ${schema};
create table if not exists ${schema}.position (
  topic text, part int, next bigint not null default 0, lane serial, primary key (topic, part)) with (fillfactor = 50);
create table if not exists ${schema}.outbox (
  lane int, seq bigserial, id text not null, topic text not null, key text not null, kind text not null, value text not null,
  primary key (lane, seq))
  with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
create table if not exists ${schema}.state (id text primary key, count int not null, body text not null);`;

export async function rawPool(url: string, schema: string): Promise<Pool> {
  const pool = new pg.Pool({ connectionString: url, max: 10, options: `-c search_path=${schema}` });
  pool.on('error', () => undefined);
  await pool.query(tables(schema));
  return pool;
}

export async function inRawTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    const result = await work(tx);
    await tx.query('commit');
    return result;
  } catch (error) {
    await tx.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    tx.release();
  }
}

/** Locks a partition's position, making it first. */
export async function lockRawPosition(
  tx: PoolClient,
  topic: string,
  part: number,
): Promise<{ next: bigint; lane: number }> {
  const select = () =>
    tx.query<{ next: string; lane: number }>({
      name: 'position',
      text: 'select next, lane from position where topic = $1 and part = $2 for update',
      values: [topic, part],
    });
  let row = (await select()).rows[0];
  if (row === undefined) {
    await tx.query('insert into position (topic, part) values ($1, $2) on conflict do nothing', [topic, part]);
    row = (await select()).rows[0];
  }
  if (row === undefined) throw new Error('no position');
  return { next: BigInt(row.next), lane: row.lane };
}

export async function moveRawPosition(tx: PoolClient, topic: string, part: number, next: bigint): Promise<void> {
  await tx.query({
    name: 'move',
    text: 'update position set next = $3 where topic = $1 and part = $2',
    values: [topic, part, String(next)],
  });
}

/** One upsert for a batch. In: distinct ids and what to keep of each. */
export async function upsertState(tx: PoolClient, rows: ReadonlyMap<string, string>): Promise<void> {
  await tx.query({
    name: 'state',
    text: `insert into state as s (id, count, body)
      select id, 1, body from unnest($1::text[], $2::text[]) as n (id, body) order by id
      on conflict (id) do update set count = s.count + 1, body = excluded.body`,
    values: [[...rows.keys()], [...rows.values()]],
  });
}

export interface OutboxRecord {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly kind: string;
  readonly value: string;
}

export async function appendRaw(tx: PoolClient, lane: number, records: readonly OutboxRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.query({
    name: 'outbox',
    text: `insert into outbox (lane, id, topic, key, kind, value)
      select $1, r.id, r.topic, r.key, r.kind, r.value
      from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
        with ordinality as r (id, topic, key, kind, value, n) order by r.n`,
    values: [
      lane,
      records.map(({ id }) => id),
      records.map(({ topic }) => topic),
      records.map(({ key }) => key),
      records.map(({ kind }) => kind),
      records.map(({ value }) => value),
    ],
  });
}
