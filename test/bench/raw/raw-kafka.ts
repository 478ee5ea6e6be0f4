import kafkajs from 'kafkajs';
import type { Kafka, Producer } from 'kafkajs';

/** A record as kafkajs takes it, with its topic. */
export interface RawRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | string;
  readonly headers: Record<string, string>;
}

export function rawKafka(brokers: string[]): Kafka {
  return new kafkajs.Kafka({ brokers, clientId: 'raw', logLevel: kafkajs.logLevel.NOTHING });
}

/** Headers of the same number and size as the hub's. */
export function headersOf(id: string, kind: string): Record<string, string> {
  return { id, kind, 'schema-version': '1', traceparent: `00-${id.replaceAll('-', '')}-0123456789abcdef-01` };
}

export function inboundHeaders(id: string): Record<string, string> {
  return { ...headersOf(id, 'hl7v2'), sender: 'KS', 'content-type': 'x-application/hl7-v2+er7' };
}

const MOST_AT_ONCE = 1000;

/** kafkajs with group commit and nothing else: one send in flight takes all that waits (parts that everybody has). */
export class RawGroupCommit {
  readonly #producer: Producer;
  #waiting: { records: readonly RawRecord[]; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #sending = false;

  constructor(kafka: Kafka) {
    const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
    this.#producer = kafka.producer({ idempotent: false, allowAutoTopicCreation: false, createPartitioner });
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  /** Resolves when all are acknowledged by all replicas in sync. */
  send(records: readonly RawRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      if (!this.#sending) void this.#run();
    });
  }

  stop(): Promise<void> {
    return this.#producer.disconnect();
  }

  async #run(): Promise<void> {
    this.#sending = true;
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const units = this.#take();
      try {
        await this.#producer.sendBatch({ acks: -1, topicMessages: byTopic(units.flatMap(({ records }) => records)) });
        for (const unit of units) unit.resolve();
      } catch (error) {
        for (const unit of units) unit.reject(error);
      }
    }
    this.#sending = false;
  }

  #take() {
    let records = 0;
    const end = this.#waiting.findIndex((unit) => (records += unit.records.length) > MOST_AT_ONCE);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(end, 1));
  }
}

function byTopic(records: readonly RawRecord[]) {
  const topics = new Map<string, { topic: string; messages: Omit<RawRecord, 'topic'>[] }>();
  for (const { topic, ...message } of records) {
    const entry = topics.get(topic);
    if (entry) entry.messages.push(message);
    else topics.set(topic, { topic, messages: [message] });
  }
  return [...topics.values()];
}
