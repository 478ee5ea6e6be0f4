import kafkajs from 'kafkajs';
import type { Admin, Kafka, logCreator } from 'kafkajs';
import { correctKafkajs } from './kafkajs-corrections.ts';
import type { Log, LogFields } from './log.ts';
import { MessagingError } from './messaging-error.ts';
import { within } from './waiting.ts';

// Node finds only some of kafkajs's names by itself.
const { logLevel } = kafkajs;

export interface KafkaOptions {
  brokers: string[];
  clientId: string;
  log: Log;
  ssl?: boolean;
  sasl?: { mechanism: 'scram-sha-512'; username: string; password: string };
  /** How long one request may wait for its answer, ms. */
  requestTimeoutMs?: number;
  connectionTimeoutMs?: number;
}

/** The one port to Kafka. Nothing is opened before it is used; `client` and `admin` are for this lib alone. */
export interface KafkaPort {
  readonly client: Kafka;
  /** Runs work on the one admin connection; after an error the next call gets a new one. */
  admin<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
  /** The number of partitions of a topic: asked once, for it never changes (architecture 2.3). Rejects `refused` when there is no such topic, else `unavailable`. */
  partitionCount(topic: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * In: brokers, name and log. Out: the port. Errors: none here; every use has its own.
 */
export function connectKafka(options: KafkaOptions): KafkaPort {
  const client = new kafkajs.Kafka({
    brokers: options.brokers,
    clientId: options.clientId,
    logLevel: logLevel.WARN,
    logCreator: kafkaLog(options.log),
    requestTimeout: options.requestTimeoutMs ?? 10_000,
    connectionTimeout: options.connectionTimeoutMs ?? 2000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 5 },
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
  });
  return new OnePort(client);
}

class OnePort implements KafkaPort {
  readonly client: Kafka;
  readonly #partitions = new Map<string, Promise<number>>();
  #admin: Promise<Admin> | undefined;
  #closed = false;

  constructor(client: Kafka) {
    this.client = client;
  }

  async admin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    // Who still asks in the background would open a connection that nobody closes: the process would not end.
    if (this.#closed) throw new MessagingError('unavailable', 'Kafka is asked no more: its port is closed');
    const opened = (this.#admin ??= this.#open());
    try {
      return await work(await opened);
    } catch (error) {
      // An answer of the broker, even a refusal, shows that the connection is well.
      if (protocolType(error) === undefined) this.#drop(opened);
      throw error;
    }
  }

  partitionCount(topic: string): Promise<number> {
    const known = this.#partitions.get(topic);
    if (known !== undefined) return known;
    const asked = this.#askPartitions(topic);
    this.#partitions.set(topic, asked);
    asked.catch(() => this.#partitions.delete(topic));
    return asked;
  }

  async close(): Promise<void> {
    const opened = this.#admin;
    this.#closed = true;
    this.#admin = undefined;
    if (opened === undefined) return;
    await within(
      3000,
      opened.then((admin) => admin.disconnect()),
    );
  }

  #drop(opened: Promise<Admin>): void {
    // Many questions fail at once with their connection; it is closed once.
    if (this.#admin !== opened) return;
    this.#admin = undefined;
    void opened.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  async #open(): Promise<Admin> {
    const admin = this.client.admin({ retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 3 } });
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      await admin.disconnect().catch(() => undefined);
      throw error;
    }
  }

  async #askPartitions(topic: string): Promise<number> {
    try {
      const { topics } = await this.admin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
      const count = topics[0]?.partitions.length ?? 0;
      if (count > 0) return count;
    } catch (error) {
      if (isUnknownTopic(error)) throw new MessagingError('refused', `no topic ${topic}`, error);
      throw new MessagingError('unavailable', 'Kafka cannot be asked for its topics', error);
    }
    throw new MessagingError('unavailable', `topic ${topic} has no partitions yet`);
  }
}

/** In: a thrown value of kafkajs. Out: whether it says that the topic does not exist. */
export function isUnknownTopic(error: unknown): boolean {
  return protocolType(error) === 'UNKNOWN_TOPIC_OR_PARTITION' || protocolType(error) === 'INVALID_TOPIC_EXCEPTION';
}

/** In: a thrown value of kafkajs. Out: the broker's own name for the error (such as MESSAGE_TOO_LARGE), also from inside a wrapped one. */
export function protocolType(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('type' in at && typeof at.type === 'string') return at.type;
  }
  return undefined;
}

// Only these: anything else kafkajs attaches might hold a record (a payload, a stack with one).
const kept = ['groupId', 'topic', 'partition', 'broker', 'clientId', 'retryCount', 'retryTime', 'error'] as const;

/** How long the same text of kafkajs is told but once, ms: while a leader is chosen it says so for every request. */
const SAME_MS = 60_000;
const MOST_TEXTS = 100;

/**
 * Routes kafkajs's log to ours. Its "error" is mostly a retry under way, so it arrives as a warning: what is lost for good is an error of ours.
 * What it says again within a minute is counted, and the next line with the same text tells how often (`unsaid`).
 * In: the log; the machine's clock, ms. Out: what kafkajs wants as logCreator.
 */
export function kafkaLog(log: Log, now: () => number = Date.now): logCreator {
  const told = new Map<string, { since: number; unsaid: number }>();
  return () => (entry) => {
    const fields: LogFields = { part: entry.namespace, text: entry.log.message };
    const given: Record<string, unknown> = entry.log;
    for (const name of kept) {
      const value = given[name];
      if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
    }
    if (entry.level > logLevel.WARN || entry.level === logLevel.NOTHING) {
      log.debug('kafka.client', fields);
      return;
    }
    const text = `${entry.namespace} ${entry.log.message} ${String(fields['error'])}`;
    const before = told.get(text);
    if (before !== undefined && now() - before.since < SAME_MS) {
      before.unsaid += 1;
      return;
    }
    if (told.size >= MOST_TEXTS) told.clear();
    told.set(text, { since: now(), unsaid: 0 });
    log.warn('kafka.client', before === undefined ? fields : { ...fields, unsaid: before.unsaid });
  };
}

correctKafkajs();
