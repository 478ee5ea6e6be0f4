import type { GroupCommitProducer } from './group-commit.ts';
import type { Log } from './log.ts';
import { MessagingError } from './messaging-error.ts';
import type { SendableRecord } from './partition-book.ts';

/** A row of the outbox as the relay reads it. */
export interface OutboxRow {
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

/** A row that can never be sent. */
export interface StuckRow {
  id: string;
  topic: string;
  reason: string;
}

/** In: schema, row. Out: its record. The schema makes the lane's name unique among the apps that write to a topic. */
function recordOf(schema: string, row: OutboxRow): SendableRecord {
  const { id, topic, key, kind, traceparent, value } = row;
  const mark = { lane: `${schema}:${row.lane}`, seq: Number(row.seq) };
  return { topic, key, id, kind, traceparent, value, schemaVersion: row.schema_version, ...mark };
}

/** Keeps a row that can never be sent. */
type SetAside = (row: OutboxRow, reason: string) => Promise<void>;

const refusedMs = 5000;

/**
 * Sends the rows of a pass: all in one go; when Kafka refuses something in them lane by lane, and only in the lane concerned topic by topic, row by
 * row. What went out before the refusal goes out again, and is dropped by lane and seq.
 */
export class RelaySender {
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
  async send(producer: GroupCommitProducer, rows: readonly OutboxRow[], setAside: SetAside): Promise<OutboxRow[]> {
    // A topic that was refused for another lane of this pass is not asked for again.
    const open = rows.filter(({ topic }) => !this.#refused.has(topic));
    if (await this.#sentAtOnce(producer, open)) return open;
    const lanes = [...Map.groupBy(open, ({ lane }) => lane).values()];
    const topics = [...Map.groupBy(open, ({ topic }) => topic).values()];
    const sent: OutboxRow[] = [];
    if (lanes.length > 1) for (const part of lanes) sent.push(...(await this.send(producer, part, setAside)));
    else for (const part of topics) sent.push(...(await this.#sendTopic(producer, part, setAside)));
    return sent;
  }

  /** Out: false when something among them is refused. */
  async #sentAtOnce(producer: GroupCommitProducer, rows: readonly OutboxRow[]): Promise<boolean> {
    try {
      await producer.sendAll(rows.map((row) => recordOf(this.#schema, row)));
      return true;
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      return false;
    }
  }

  /** Row by row, for order: one that is too large for ever is set aside, a refused topic waits as a whole. */
  async #sendTopic(
    producer: GroupCommitProducer,
    rows: readonly OutboxRow[],
    setAside: SetAside,
  ): Promise<OutboxRow[]> {
    const sent: OutboxRow[] = [];
    for (const row of rows) {
      try {
        await producer.send(recordOf(this.#schema, row));
        sent.push(row);
      } catch (error) {
        const why = refusal(error);
        if (why === undefined) throw error;
        if (why.code !== 'too-large') {
          this.#refused.set(row.topic, Date.now() + refusedMs);
          this.#log.error('relay.refused', { topic: row.topic, reason: why.message });
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
