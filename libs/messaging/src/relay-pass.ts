import { inTransaction } from '#libs/persistence';
import type { Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import type { GroupCommitProducer } from './group-commit.ts';
import type { Log } from './log.ts';
import { MessagingError } from './messaging-error.ts';
import type { SendableRecord } from './partition-book.ts';

/** A row that can never be sent. */
export interface StuckRow {
  id: string;
  topic: string;
  reason: string;
}

interface OutboxRow {
  seq: string;
  id: string;
  topic: string;
  key: string;
  kind: string;
  schema_version: number;
  traceparent: string;
  value: string;
}

export interface RelayPassOptions {
  pool: Pool;
  schema: string;
  log: Log;
  rowsPerPass?: number;
  onStuck?(row: StuckRow): void;
}

const pingMs = 1000;
const refusedMs = 5000;

/**
 * One pass over one lane, in one transaction: take the lane, read in order, send, delete what was acknowledged.
 * The lane belongs to one process at a time by an advisory lock that ends with the transaction. A ping keeps the transaction while Kafka is slow;
 * a frozen process cannot ping and loses the lane (idle_in_transaction_session_timeout).
 */
export class RelayPass {
  readonly #options: RelayPassOptions;
  readonly #producer: GroupCommitProducer;
  /** Topics that Kafka refuses (missing, no right), and until when they are left alone: the rest of the lane goes on. */
  readonly #refused = new Map<string, number>();

  constructor(options: RelayPassOptions, producer: GroupCommitProducer) {
    this.#options = options;
    this.#producer = producer;
  }

  /** In: lane. Out: whether more may wait there. Errors: MessagingError `unavailable`, the database's; nothing is deleted then. */
  async run(lane: number): Promise<boolean> {
    const { pool, schema } = this.#options;
    const limit = this.#options.rowsPerPass ?? 500;
    return inTransaction(pool, async (tx) => {
      const lock = await tx.query<{ ok: boolean }>('select pg_try_advisory_xact_lock(hashtext($1), $2) as ok', [
        `outbox ${schema}`,
        lane,
      ]);
      if (lock.rows[0]?.ok !== true) return false;
      const rows = await this.#read(tx, lane, limit);
      if (rows.length === 0) return false;
      const ping = setInterval(() => void tx.query('select 1').catch(() => undefined), pingMs);
      let sent: OutboxRow[];
      try {
        sent = await this.#send(tx, lane, rows);
      } finally {
        clearInterval(ping);
      }
      await tx.query(`delete from "${schema}".outbox where lane = $1 and seq = any($2::bigint[])`, [
        lane,
        sent.map((row) => row.seq),
      ]);
      return rows.length === limit;
    });
  }

  async #read(tx: Tx, lane: number, limit: number): Promise<OutboxRow[]> {
    const { rows } = await tx.query<OutboxRow>({
      name: `relay-${this.#options.schema}`,
      text: `select seq, id, topic, key, kind, schema_version, traceparent, value from "${this.#options.schema}".outbox
        where lane = $1 and stuck_reason is null and topic <> all($2::text[]) order by seq limit $3`,
      values: [lane, this.#refusedNow(), limit],
    });
    return rows;
  }

  /** Out: the rows acknowledged. All in one go; only when something in it is refused, topic by topic. */
  async #send(tx: Tx, lane: number, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
    try {
      await this.#producer.sendAll(rows.map((row) => this.#record(lane, row)));
      return [...rows];
    } catch (error) {
      if (!(error instanceof MessagingError) || error.code === 'unavailable') throw error;
    }
    const sent: OutboxRow[] = [];
    for (const topic of new Set(rows.map((row) => row.topic))) {
      sent.push(
        ...(await this.#sendTopic(
          tx,
          lane,
          topic,
          rows.filter((row) => row.topic === topic),
        )),
      );
    }
    return sent;
  }

  /** Row by row, for order: one that is too large for ever is set aside, a refused topic waits as a whole. */
  async #sendTopic(tx: Tx, lane: number, topic: string, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
    const sent: OutboxRow[] = [];
    for (const row of rows) {
      try {
        await this.#producer.send(this.#record(lane, row));
        sent.push(row);
      } catch (error) {
        if (!(error instanceof MessagingError) || error.code === 'unavailable') throw error;
        if (error.code !== 'too-large') {
          this.#refused.set(topic, Date.now() + refusedMs);
          this.#options.log.error('relay.refused', { topic, reason: error.message });
          return sent;
        }
        await this.#setAside(tx, lane, row, error.code);
      }
    }
    return sent;
  }

  /** Kept for a person, and said aloud. To send it after all it needs a new seq, for readers have seen later ones. */
  async #setAside(tx: Tx, lane: number, row: OutboxRow, reason: string): Promise<void> {
    await tx.query(`update "${this.#options.schema}".outbox set stuck_reason = $3 where lane = $1 and seq = $2`, [
      lane,
      row.seq,
      reason,
    ]);
    this.#options.log.error('relay.stuck', { lane, id: row.id, topic: row.topic, bytes: row.value.length, reason });
    this.#options.onStuck?.({ id: row.id, topic: row.topic, reason });
  }

  #record(lane: number, row: OutboxRow): SendableRecord {
    const { id, topic, key, kind, traceparent, value } = row;
    // The schema makes the lane's name unique among the apps that write to a topic.
    return {
      topic,
      key,
      id,
      kind,
      traceparent,
      value,
      schemaVersion: row.schema_version,
      lane: `${this.#options.schema}:${lane}`,
      seq: Number(row.seq),
    };
  }

  #refusedNow(): string[] {
    const now = Date.now();
    for (const [topic, until] of this.#refused) if (until <= now) this.#refused.delete(topic);
    return [...this.#refused.keys()];
  }
}
