import type { Pool, PoolClient } from 'pg';
import { createPool, textArray } from '#libs/persistence';

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
  const pool = createPool({ url, applicationName: `raw ${schema}`, schema });
  await pool.query(tables(schema));
  return pool;
}

export async function inRawTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  try {
    const begun = tx.query('begin');
    const result = await work(tx);
    await begun;
    await tx.query('commit');
    return result;
  } catch (error) {
    await tx.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    tx.release();
  }
}

export interface RawPlace {
  readonly topic: string;
  readonly partition: number;
}

/** Locks the positions of partitions, making them first. Out: by place, in the order of the places. */
export async function lockRawPositions(
  tx: PoolClient,
  places: readonly RawPlace[],
): Promise<{ next: bigint; lane: number }[]> {
  const values = [places.map(({ topic }) => topic), places.map(({ partition }) => partition)];
  const select = () =>
    tx.query<{ topic: string; part: number; next: string; lane: number }>({
      name: 'positions',
      text: `select p.* from unnest($1::text[], $2::int[]) as w (topic, part) join position p using (topic, part)
        order by p.topic, p.part for update of p`,
      values,
    });
  let { rows } = await select();
  if (rows.length < places.length) {
    await tx.query(
      'insert into position (topic, part) select * from unnest($1::text[], $2::int[]) on conflict do nothing',
      values,
    );
    rows = (await select()).rows;
  }
  return places.map(({ topic, partition }) => {
    const row = rows.find((one) => one.topic === topic && one.part === partition);
    if (row === undefined) throw new Error('no position');
    return { next: BigInt(row.next), lane: row.lane };
  });
}

export async function moveRawPositions(
  tx: PoolClient,
  moves: readonly (RawPlace & { readonly next: bigint })[],
): Promise<void> {
  await tx.query({
    name: 'move',
    text: `update position p set next = m.next from unnest($1::text[], $2::int[], $3::bigint[]) as m (topic, part, next)
      where p.topic = m.topic and p.part = m.part`,
    values: [
      moves.map(({ topic }) => topic),
      moves.map(({ partition }) => partition),
      moves.map(({ next }) => String(next)),
    ],
  });
}

/** One upsert for a batch. In: distinct ids and what to keep of each. */
export async function upsertState(tx: PoolClient, rows: ReadonlyMap<string, string>): Promise<void> {
  await tx.query({
    name: 'state',
    text: `insert into state as s (id, count, body)
      select id, 1, body from unnest($1::text[], $2::text[]) as n (id, body) order by id
      on conflict (id) do update set count = s.count + 1, body = excluded.body`,
    values: [[...rows.keys()], textArray([...rows.values()])],
  });
}

export interface OutboxRecord {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly kind: string;
  readonly value: string;
}

/** In: records, each with the lane of the partition that it follows from. */
export async function appendRaw(
  tx: PoolClient,
  records: readonly (OutboxRecord & { readonly lane: number })[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.query({
    name: 'outbox',
    text: `insert into outbox (lane, id, topic, key, kind, value)
      select r.lane, r.id, r.topic, r.key, r.kind, r.value
      from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
        with ordinality as r (lane, id, topic, key, kind, value, n) order by r.n`,
    values: [
      records.map(({ lane }) => lane),
      records.map(({ id }) => id),
      records.map(({ topic }) => topic),
      records.map(({ key }) => key),
      records.map(({ kind }) => kind),
      textArray(records.map(({ value }) => value)),
    ],
  });
}
