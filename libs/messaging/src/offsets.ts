import { isUnknownTopic, protocolType, type KafkaPort } from './kafka.ts';
import { MessagingError, asError } from './messaging-error.ts';

/** What can be read of a partition: from `low` up to, not including, `high`. */
export interface PartitionEnd {
  low: bigint;
  high: bigint;
}

/** By topic, then partition. */
export type Ends = Map<string, PartitionEnd[]>;

/** By topic, then partition: the first offset not applied. A partition never consumed is missing. */
export type Positions = Map<string, Map<number, bigint>>;

const ASKED_AT_ONCE = 20;

/** Asks Kafka how far its logs go and how far a group has come: the watermark's and settle's probe (architecture 7). */
export class OffsetReader {
  readonly #kafka: KafkaPort;

  constructor(kafka: KafkaPort) {
    this.#kafka = kafka;
  }

  /** In: topics. Out: their ends now. Errors: MessagingError `unavailable`, `refused` (no such topic). */
  async endOffsets(topics: readonly string[]): Promise<Ends> {
    return this.#ask(async () => {
      const ends: Ends = new Map();
      // kafkajs queues its requests behind one lock, and gives up those that wait there too long.
      for (let asked = 0; asked < topics.length; asked += ASKED_AT_ONCE) {
        const some = topics.slice(asked, asked + ASKED_AT_ONCE);
        const lists = await Promise.all(some.map((topic) => this.#endsOf(topic)));
        some.forEach((topic, index) => ends.set(topic, lists[index] ?? []));
      }
      return ends;
    });
  }

  async #endsOf(topic: string): Promise<PartitionEnd[]> {
    const ends: PartitionEnd[] = [];
    for (const { partition, low, high } of await this.#kafka.admin((admin) => admin.fetchTopicOffsets(topic))) {
      ends[partition] = { low: BigInt(low), high: BigInt(high) };
    }
    return ends;
  }

  /** In: group, topics. Out: what it has committed to Kafka: the position of an app without state, a mere hint for others. */
  async committedOffsets(group: string, topics: readonly string[]): Promise<Positions> {
    return this.#ask(async () => {
      const answer = await this.#kafka.admin((admin) => admin.fetchOffsets({ groupId: group, topics: [...topics] }));
      return new Map(
        answer.map(({ topic, partitions }) => [
          topic,
          new Map(
            partitions
              .filter(({ offset }) => !offset.startsWith('-'))
              .map(({ partition, offset }) => [partition, BigInt(offset)]),
          ),
        ]),
      );
    });
  }

  /** The connection is the port's and lives on; nothing to wait for. */
  stop(): Promise<void> {
    return Promise.resolve();
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof MessagingError) throw error;
      throw new MessagingError(
        isUnknownTopic(error) ? 'refused' : 'unavailable',
        `Kafka: ${protocolType(error) ?? asError(error).name}`,
        error,
      );
    }
  }
}

/** In: positions, ends. Out: whether all that was there has been applied. A partition never consumed counts when nothing of it can be read. Pure. */
export function reached(positions: Positions, ends: Ends): boolean {
  return [...ends].every(([topic, partitions]) =>
    partitions.every(({ low, high }, partition) => {
      const position = positions.get(topic)?.get(partition);
      return position === undefined ? low === high : position >= high;
    }),
  );
}
