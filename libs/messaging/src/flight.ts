import kafkajs from 'kafkajs';
import type { Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import { place } from './commit-unit.ts';
import type { CommitUnit, RecordAck } from './commit-unit.ts';
import type { KafkaPort } from './kafka.ts';

// Node finds only some of kafkajs's names by itself.
const { Partitioners } = kafkajs;

/**
 * In: port. Out: a plain producer. Never an idempotent one: kafkajs's loses acknowledged records (parts.md),
 * while what a plain one repeats is harmless by id and by lane and seq.
 */
export function plainProducer(kafka: KafkaPort): Producer {
  return kafka.client.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 4 },
  });
}

/** In: a connected producer and units. Out: for each unit its acknowledgements, in the order of its records. Errors: kafkajs's, for the whole. */
export async function sendUnits(producer: Producer, units: readonly CommitUnit[]): Promise<RecordAck[][]> {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, partition, record } of units.flatMap(({ placed }) => placed)) {
    const messages = topics.get(topic)?.messages ?? [];
    messages.push({ ...record, partition });
    topics.set(topic, { topic, messages });
  }
  const metadata = await producer.sendBatch({ acks: -1, topicMessages: [...topics.values()] });
  return acknowledgements(units, metadata);
}

/** A partition's records of one request get consecutive offsets from its base, in the order they were given. */
function acknowledgements(units: readonly CommitUnit[], metadata: readonly RecordMetadata[]): RecordAck[][] {
  const bases = new Map(metadata.map((entry) => [place(entry.topicName, entry.partition), entry]));
  const counted = new Map<string, bigint>();
  return units.map(({ placed }) =>
    placed.map(({ topic, partition }) => {
      const where = place(topic, partition);
      const base = bases.get(where);
      const index = counted.get(where) ?? 0n;
      counted.set(where, index + 1n);
      const first = BigInt(base?.baseOffset ?? base?.offset ?? -1);
      return {
        topic,
        partition,
        offset: first < 0n ? -1n : first + index,
        timestamp: Number(base?.logAppendTime ?? -1),
      };
    }),
  );
}
