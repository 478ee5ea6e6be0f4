import { inTransaction, type Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import type { GroupCommitProducer } from './group-commit.ts';
import type { Log } from './log.ts';
import { RelaySender, type OutboxRow, type StuckRow } from './relay-sender.ts';

export interface RelayPassOptions {
  pool: Pool;
  schema: string;
  log: Log;
  rowsPerPass?: number;
  onStuck?(row: StuckRow): void;
}

/** The lanes that no other process had, and those of them of which rows may be left. */
export interface PassResult {
  taken: number[];
  more: number[];
}

const pingMs = 1000;
const fewestRowsPerLane = 20;

/**
 * The outbox is a queue: nearly empty when the statistics were taken, perhaps long when the statement runs. A plan made for the empty one reads
 * the whole table once per lane; only the primary key (lane, seq) never does.
 */
const onlyByKey = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']
  .map((way) => `set_config('enable_${way}', 'off', true)`)
  .join(', ');

const columns = 'lane, seq, id, topic, key, kind, schema_version, traceparent, value';

/**
 * One pass over many lanes, in one transaction: take the lanes, read in order, send, delete what was acknowledged.
 * A lane belongs to one process at a time by an advisory lock that ends with the transaction. A ping keeps the transaction while Kafka is slow;
 * a frozen process cannot ping and loses the lanes (idle_in_transaction_session_timeout).
 *
 * Taking and reading are two statements: one that did both would read by a snapshot older than its locks, and send again what the lane's last owner
 * has deleted in between. That would only be repeats, as from a frozen process that wakes: seq grows in the order of commit, so a snapshot that
 * shows a row shows all below it, but for those deleted, which were acknowledged. Whoever sends a row has sent all below it of its topic, or someone
 * has; no first copy comes after a later row's, whatever the locks do. (A row set aside could: sent after all by an old snapshot, dropped by readers,
 * deleted.) The second statement costs nothing: the planner's settings must come before what they plan.
 */
export class RelayPass {
  readonly #options: RelayPassOptions;
  readonly #sender: RelaySender;

  constructor(options: RelayPassOptions) {
    this.#options = options;
    this.#sender = new RelaySender(options.schema, options.log);
  }

  /** In: lanes, the producer to use. Errors: MessagingError `unavailable`, the database's; nothing is deleted then. */
  async run(lanes: readonly number[], producer: GroupCommitProducer): Promise<PassResult> {
    const limit = Math.max(fewestRowsPerLane, Math.ceil((this.#options.rowsPerPass ?? 500) / lanes.length));
    const stuck: (() => void)[] = [];
    const result = await inTransaction(this.#options.pool, async (tx) => {
      // Sent together; of a lane that another process has, nothing is used.
      const [taken, read] = await Promise.all([this.#take(tx, lanes), this.#read(tx, lanes, limit)]);
      const ours = new Set(taken);
      const rows = read.filter(({ lane }) => ours.has(lane));
      if (rows.length > 0) await this.#delete(tx, await this.#send(tx, producer, rows, stuck));
      const full = [...Map.groupBy(rows, ({ lane }) => lane)].filter(([, { length }]) => length >= limit);
      return { taken, more: full.map(([lane]) => lane) };
    });
    for (const say of stuck) say();
    return result;
  }

  async #take(tx: Tx, lanes: readonly number[]): Promise<number[]> {
    const { rows } = await tx.query<{ taken: number[] }>({
      name: 'relay-take',
      text: `with t as materialized (select lane from unnest($1::int[]) as lane where pg_try_advisory_xact_lock(hashtext($2), lane))
        select coalesce(array_agg(lane), '{}') as taken, ${onlyByKey} from t`,
      values: [lanes, `outbox ${this.#options.schema}`],
    });
    return rows[0]?.taken ?? [];
  }

  async #read(tx: Tx, lanes: readonly number[], limit: number): Promise<OutboxRow[]> {
    const { schema } = this.#options;
    const { rows } = await tx.query<OutboxRow>({
      name: `relay-read-${schema}`,
      text: `select o.* from unnest($1::int[]) as t (lane) cross join lateral (
          select ${columns} from "${schema}".outbox
          where lane = t.lane and stuck_reason is null and topic <> all($2::text[]) order by seq limit $3) o
        order by o.lane, o.seq`,
      values: [lanes, this.#sender.refused(), limit],
    });
    return rows;
  }

  async #send(
    tx: Tx,
    producer: GroupCommitProducer,
    rows: readonly OutboxRow[],
    stuck: (() => void)[],
  ): Promise<OutboxRow[]> {
    const ping = setInterval(() => void tx.query('select 1').catch(() => undefined), pingMs);
    try {
      return await this.#sender.send(producer, rows, async (row, reason) => {
        stuck.push(await this.#setAside(tx, row, reason));
      });
    } finally {
      clearInterval(ping);
    }
  }

  /** By pairs: a seq alone may be that of an unsent row of another lane, once the sequence has been set back. */
  async #delete(tx: Tx, sent: readonly OutboxRow[]): Promise<void> {
    const { schema } = this.#options;
    await tx.query({
      name: `relay-delete-${schema}`,
      text: `delete from "${schema}".outbox o using unnest($1::int[], $2::bigint[]) as s (lane, seq) where o.lane = s.lane and o.seq = s.seq`,
      values: [sent.map(({ lane }) => lane), sent.map(({ seq }) => seq)],
    });
  }

  /**
   * Kept for a person. To send it after all it needs a new seq, for readers have seen later ones.
   * Out: what says it aloud, after the commit: a pass that fails sets the row aside again.
   */
  async #setAside(tx: Tx, row: OutboxRow, reason: string): Promise<() => void> {
    const { schema, log } = this.#options;
    const { lane, seq, id, topic, value } = row;
    await tx.query(`update "${schema}".outbox set stuck_reason = $3 where lane = $1 and seq = $2`, [lane, seq, reason]);
    return () => {
      log.error('relay.stuck', { lane, id, topic, bytes: value.length, reason });
      this.#options.onStuck?.({ id, topic, reason });
    };
  }
}
