import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import {
  connectKafka,
  decodeRecord,
  isGarbled,
  OffsetReader,
  silentLog,
  type Ends,
  type InRecord,
  type PartitionEnd,
} from '#libs/messaging';
import { until } from './until.ts';

const TOPICS_AT_ONCE = 20;

/**
 * Everything on some topics as an outside reader sees it: each record in its order, repeats and all. It reads while somebody waits
 * for it and only what lies there unread: asked 20 times a second for each of some 200 topics, Kafka and the reader would do little else.
 */
export class LogReader {
  readonly #topics: readonly string[];
  readonly #consumer: Consumer;
  readonly #port;
  readonly #offsets: OffsetReader;
  readonly #next = new Map<string, bigint>();
  readonly #records: InRecord[] = [];
  #garbled = 0;
  #isStopped = false;

  /** @param topics full names, which must be there already */
  constructor(brokers: readonly string[], topics: readonly string[]) {
    this.#topics = topics;
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 30 } });
    // It reads on when Kafka comes back; one that was stopped while Kafka was away would try for ever, and its process never end.
    const retry = { restartOnFailure: () => Promise.resolve(!this.#isStopped) };
    this.#consumer = kafka.consumer({ groupId: `test-reader-${randomUUID()}`, maxWaitTimeInMs: 50, retry });
    this.#port = connectKafka({ brokers: [...brokers], clientId: 'test-reader', log: silentLog });
    this.#offsets = new OffsetReader(this.#port);
  }

  async start(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.#topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        const place = `${batch.topic}/${batch.partition}`;
        for (const message of batch.messages) {
          // A seek or a join anew may bring a batch a second time: what is told here is what the log holds.
          if (BigInt(message.offset) < (this.#next.get(place) ?? 0n)) continue;
          const record = decodeRecord(batch.topic, batch.partition, message);
          // A party's own client knows none of our headers: what it wrote is not ours to read.
          if (!isGarbled(record)) this.#records.push(record);
          else if (!batch.topic.includes('replies.')) this.#garbled += 1;
          this.#next.set(place, BigInt(message.offset) + 1n);
        }
        return Promise.resolve();
      },
    });
    this.#consumer.pause(this.#topics.map((topic) => ({ topic })));
  }

  /** All that was on the topics when it was called, by topic and partition in the order of the log. */
  async all(): Promise<readonly InRecord[]> {
    const unread = [...(await this.#ends())].filter(([topic, partitions]) => !this.#hasRead(topic, partitions));
    const topics = unread.map(([topic]) => ({ topic }));
    this.#consumer.resume(topics);
    try {
      await until('the reader has read to the end', () => unread.every((end) => this.#hasRead(...end)));
    } finally {
      this.#consumer.pause(topics);
    }
    if (this.#garbled > 0) throw new Error(`${this.#garbled} records are none of ours`);
    return this.#records;
  }

  #hasRead(topic: string, partitions: readonly PartitionEnd[]): boolean {
    return partitions.every(
      ({ low, high }, partition) => low === high || (this.#next.get(`${topic}/${partition}`) ?? 0n) >= high,
    );
  }

  /** Some topics at a time, and again when Kafka is slow: a client asks for each by itself, and gives up on a long queue. */
  async #ends(): Promise<Ends> {
    const ends: Ends = new Map();
    for (let from = 0; from < this.#topics.length; from += TOPICS_AT_ONCE) {
      const some = this.#topics.slice(from, from + TOPICS_AT_ONCE);
      await until('the ends of the topics are known', async () => {
        for (const [topic, partitions] of await this.#offsets.endOffsets(some)) ends.set(topic, partitions);
        return true;
      });
    }
    return ends;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#consumer.disconnect();
    await this.#offsets.stop();
    await this.#port.close();
  }
}

/** The records as a reader keeps them: of one id the first alone (contract 2). */
export function distinct(records: readonly InRecord[]): InRecord[] {
  const first = new Map<string, InRecord>();
  for (const record of records) {
    const key = `${record.topic} ${record.id}`;
    if (!first.has(key)) first.set(key, record);
  }
  return [...first.values()];
}
