import { inTransaction, textArray, type Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import { isUtf8 } from 'node:buffer';
import { ensureLane } from './position.ts';
import type { LaneMark, OutRecord } from './record.ts';

const insert = (schema: string): string => `
insert into "${schema}".outbox (lane, id, topic, key, kind, schema_version, traceparent, value)
select r.lane, r.id, r.topic, r.key, r.kind, r.schema_version, r.traceparent, r.value
from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[])
  with ordinality as r (lane, id, topic, key, kind, schema_version, traceparent, value, n)
order by r.n
returning seq`;

/** A record on its way out, and the lane whose order it belongs to. */
export interface Said {
  lane: number;
  record: OutRecord;
}

/** A record in the outbox, and its place in the order of its lane. */
export interface Queued extends Said {
  seq: number;
}

/** What leaves only together with the state that made it (architecture 2.6). */
export const Outbox = {
  /**
   * One insert. The caller holds the lane's row lock (the position's, or `lockLane`): only then does seq grow in the order of commit.
   * In: tx, schema, lane, records in their order; values are text. Out: the same, queued.
   * Error: TypeError for a value that is no UTF-8 (a bug).
   */
  append(tx: Tx, schema: string, lane: number, records: readonly OutRecord[]): Promise<Queued[]> {
    return Outbox.appendAll(
      tx,
      schema,
      records.map((record) => ({ lane, record })),
    );
  },

  /** As `append`, for records of several lanes, all of whose rows the caller has locked. */
  async appendAll(tx: Tx, schema: string, said: readonly Said[]): Promise<Queued[]> {
    if (said.length === 0) return [];
    const records = said.map(({ record }) => record);
    const { rows } = await tx.query<{ seq: string }>({
      name: `outbox-${schema}`,
      text: insert(schema),
      values: [
        said.map(({ lane }) => lane),
        records.map((record) => record.id),
        records.map((record) => record.topic),
        records.map((record) => record.key),
        records.map((record) => record.kind),
        records.map((record) => record.schemaVersion),
        records.map((record) => record.traceparent),
        textArray(records.map((record) => text(record.value))),
      ],
    });
    // The numbers were drawn in the order of the records, whatever the order in which they are told.
    const seqs = rows.map(({ seq }) => Number(seq)).sort((a, b) => a - b);
    return said.map(({ lane, record }, at) => ({ lane, record, seq: seqs[at] ?? NaN }));
  },
};

/** In: schema, row. Out: its record. The schema makes the lane's name unique among the apps that write to a topic. */
export function recordOf(schema: string, { lane, seq, record }: Queued): OutRecord & LaneMark {
  return { ...record, lane: `${schema}:${lane}`, seq };
}

/**
 * In: schema, rows that were acknowledged. Out: the statement that deletes them. By pairs: a seq alone may be that of an
 * unsent row of another lane, once the sequence has been set back.
 */
export function deletion(schema: string, rows: readonly Queued[]): { name: string; text: string; values: unknown[] } {
  return {
    name: `relay-delete-${schema}`,
    text: `delete from "${schema}".outbox o using unnest($1::int[], $2::bigint[]) as s (lane, seq) where o.lane = s.lane and o.seq = s.seq`,
    values: [rows.map(({ lane }) => lane), rows.map(({ seq }) => seq)],
  };
}

function text(value: Buffer | string): string {
  if (typeof value === 'string') return value;
  if (!isUtf8(value)) throw new TypeError('the outbox carries text only');
  return value.toString('utf8');
}

/** Room for a hundred rows in each millisecond of the machine's clock; 15 digits until the year 2286, as the codec reads. */
const SEQ_PER_MS = 100;

/**
 * Moves the sequence of an outbox to where no earlier life of it can have been: readers drop what is not above the last seq they saw of
 * a lane, and a database that was put back from a copy would draw numbers again that they have seen. The machine's clock knows what
 * the database has forgotten. Call it before anything is appended. In: pool, schema. Errors: the database's.
 */
export async function raiseSequence(pool: Pool, schema: string): Promise<void> {
  await inTransaction(pool, async (tx) => {
    // Nobody draws a number meanwhile: set after a draw by another replica it would go back.
    await tx.query(`lock table "${schema}".outbox in share row exclusive mode`);
    const sequence = `"${schema}".outbox_seq_seq`;
    await tx.query(`select setval('${sequence}', $1) from ${sequence} where last_value < $1::bigint`, [
      String(Date.now() * SEQ_PER_MS),
    ]);
  });
}

/**
 * For writers without a partition (timers, HTTP): locks a lane of that name until the end of the transaction. First in the transaction,
 * as consumers lock their position first: one order for all, no deadlock. In: tx, schema, name. Out: the lane; kick it after the commit.
 */
export async function lockLane(tx: Tx, schema: string, name: string): Promise<number> {
  const lane = await ensureLane(tx, schema, name);
  await tx.query(`select 1 from "${schema}".lane where id = $1 for update`, [lane]);
  return lane;
}
