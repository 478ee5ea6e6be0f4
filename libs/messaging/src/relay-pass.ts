import { inTransaction, type Tx } from '#libs/persistence';
import type { Pool } from 'pg';
import type { GroupCommitProducer } from './group-commit.ts';
import type { Log } from './log.ts';
import { MessagingError } from './messaging-error.ts';
import { deletion, recordOf, type Queued } from './outbox.ts';

/** A row that can never be sent. */
export interface StuckRow {
  id: string;
  topic: string;
  reason: string;
}

export interface RelayPassOptions {
  pool: Pool;
  schema: string;
  log: Log;
  rowsPerPass?: number;
  onStuck?(row: StuckRow): void;
}

/** The lanes that no other process had, those of them of which rows may be left, and whether nothing else was left. */
export interface PassResult {
  taken: number[];
  more: number[];
  /** False while a topic is refused: its rows wait in the outbox, whatever else of their lanes has gone. */
  whole: boolean;
}

interface OutboxRow {
  lane: number;
  seq: string;
  id: string;
  topic: string;
  key: string;
  kind: string;
  schema_version: number;
  traceparent: string;
  value: string;
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
    const whole = this.#sender.refused().length === 0;
    const result = await inTransaction(this.#options.pool, async (tx) => {
      // Sent together; of a lane that another process has, nothing is used.
      const [taken, read] = await Promise.all([this.#take(tx, lanes), this.#read(tx, lanes, limit)]);
      const ours = new Set(taken);
      const rows = read.filter(({ lane }) => ours.has(lane));
      if (rows.length > 0) await tx.query(deletion(this.#options.schema, await this.#send(tx, producer, rows, stuck)));
      const full = [...Map.groupBy(rows, ({ lane }) => lane)].filter(([, { length }]) => length >= limit);
      return { taken, more: full.map(([lane]) => lane), whole: whole && this.#sender.refused().length === 0 };
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

  async #read(tx: Tx, lanes: readonly number[], limit: number): Promise<Queued[]> {
    const { schema } = this.#options;
    const { rows } = await tx.query<OutboxRow>({
      name: `relay-read-${schema}`,
      text: `select o.* from unnest($1::int[]) as t (lane) cross join lateral (
          select ${columns} from "${schema}".outbox
          where lane = t.lane and stuck_reason is null and topic <> all($2::text[]) order by seq limit $3) o
        order by o.lane, o.seq`,
      values: [lanes, this.#sender.refused(), limit],
    });
    return rows.map(({ lane, seq, schema_version: schemaVersion, ...record }) => ({
      lane,
      seq: Number(seq),
      record: { ...record, schemaVersion },
    }));
  }

  async #send(
    tx: Tx,
    producer: GroupCommitProducer,
    rows: readonly Queued[],
    stuck: (() => void)[],
  ): Promise<Queued[]> {
    const ping = setInterval(() => void tx.query('select 1').catch(() => undefined), pingMs);
    try {
      return await this.#sender.send(producer, rows, async (row, reason) => {
        stuck.push(await this.#setAside(tx, row, reason));
      });
    } finally {
      clearInterval(ping);
    }
  }

  /**
   * Kept for a person. To send it after all it needs a new seq, for readers have seen later ones.
   * Out: what says it aloud, after the commit: a pass that fails sets the row aside again.
   */
  async #setAside(tx: Tx, row: Queued, reason: string): Promise<() => void> {
    const { schema, log } = this.#options;
    const { lane, seq, record } = row;
    const { id, topic, value } = record;
    await tx.query(`update "${schema}".outbox set stuck_reason = $3 where lane = $1 and seq = $2`, [lane, seq, reason]);
    return () => {
      log.error('relay.stuck', { lane, id, topic, bytes: value.length, reason });
      this.#options.onStuck?.({ id, topic, reason });
    };
  }
}

/** Keeps a row that can never be sent. */
type SetAside = (row: Queued, reason: string) => Promise<void>;

const refusedMs = 5000;

/**
 * Sends the rows of a pass: all in one go; when Kafka refuses something in them lane by lane, and only in the lane concerned topic by topic, row by
 * row. What went out before the refusal goes out again, and is dropped by lane and seq.
 */
class RelaySender {
  readonly #schema: string;
  readonly #log: Log;
  /** Topics that Kafka refuses (missing, no right), and until when they are left alone: the rest of their lanes goes on. */
  readonly #refused = new Map<string, number>();

  constructor(schema: string, log: Log) {
    this.#schema = schema;
    this.#log = log;
  }

  /** The topics that are left alone now. */
  refused(): string[] {
    const now = Date.now();
    for (const [topic, until] of this.#refused) if (until <= now) this.#refused.delete(topic);
    return [...this.#refused.keys()];
  }

  /** In: rows by lane and seq. Out: those acknowledged. Errors: MessagingError `unavailable`, those of setAside. */
  async send(producer: GroupCommitProducer, rows: readonly Queued[], setAside: SetAside): Promise<Queued[]> {
    // A topic that was refused for another lane of this pass is not asked for again.
    const open = rows.filter(({ record }) => !this.#refused.has(record.topic));
    if (await this.#sentAtOnce(producer, open)) return open;
    const lanes = [...Map.groupBy(open, ({ lane }) => lane).values()];
    const topics = [...Map.groupBy(open, ({ record }) => record.topic).values()];
    const sent: Queued[] = [];
    if (lanes.length > 1) for (const part of lanes) sent.push(...(await this.send(producer, part, setAside)));
    else for (const part of topics) sent.push(...(await this.#sendTopic(producer, part, setAside)));
    return sent;
  }

  /** Out: false when something among them is refused. */
  async #sentAtOnce(producer: GroupCommitProducer, rows: readonly Queued[]): Promise<boolean> {
    try {
      await producer.sendAll(rows.map((row) => recordOf(this.#schema, row)));
      return true;
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      return false;
    }
  }

  /** Row by row, for order: one that is too large for ever is set aside, a refused topic waits as a whole. */
  async #sendTopic(producer: GroupCommitProducer, rows: readonly Queued[], setAside: SetAside): Promise<Queued[]> {
    const sent: Queued[] = [];
    for (const row of rows) {
      try {
        await producer.send(recordOf(this.#schema, row));
        sent.push(row);
      } catch (error) {
        const why = refusal(error);
        if (why === undefined) throw error;
        if (why.code !== 'too-large') {
          this.#refused.set(row.record.topic, Date.now() + refusedMs);
          this.#log.error('relay.refused', { topic: row.record.topic, reason: why.message });
          return sent;
        }
        await setAside(row, why.code);
      }
    }
    return sent;
  }
}

/** In: what a send threw. Out: it, when Kafka has not stored the record and said why; undefined when it is perhaps stored, or a bug. */
function refusal(error: unknown): MessagingError | undefined {
  return error instanceof MessagingError && error.code !== 'unavailable' ? error : undefined;
}
