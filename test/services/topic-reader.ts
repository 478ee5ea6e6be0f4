import { decodeRecord, isGarbled, type InRecord } from '#libs/messaging';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';

/** Everything on some topics, as an outside reader sees it: repeats and all. */
export class TopicReader {
  readonly records: InRecord[] = [];
  readonly #consumer;

  constructor(brokers: readonly string[]) {
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
    this.#consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 50 });
  }

  async start(topics: readonly string[]): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.#consumer.run({
      eachMessage: ({ topic, partition, message }) => {
        const record = decodeRecord(topic, partition, message);
        if (isGarbled(record)) throw new Error(record.garbled);
        this.records.push(record);
        return Promise.resolve();
      },
    });
  }

  async stop(): Promise<void> {
    await this.#consumer.disconnect();
  }
}
