import type { Kafka, KafkaMessage } from 'kafkajs';
import type { Pool, PoolClient } from 'pg';
import { inRawTransaction, lockRawPosition, moveRawPosition } from './raw-database.ts';

const TIMING = {
  sessionTimeout: 10_000,
  heartbeatInterval: 500,
  rebalanceTimeout: 10_000,
  maxWaitTimeInMs: 100,
  maxBytesPerPartition: 1_048_576,
  maxBytes: 8 * 1_048_576,
};

export interface RawConsumer {
  stop(): Promise<void>;
}

export interface RawBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
}

/** A consumer with its position in Kafka: `handle` publishes, then the offset moves; commits are coalesced. */
export async function consumeStateless(
  kafka: Kafka,
  topics: string[],
  group: string,
  handle: (batch: RawBatch) => Promise<void>,
): Promise<RawConsumer> {
  const consumer = kafka.consumer({ groupId: group, ...TIMING });
  const commits = new Map<number, string>();
  let flushing = false;
  const flush = async (topic: string): Promise<void> => {
    if (flushing) return;
    flushing = true;
    while (commits.size > 0) {
      const offsets = [...commits].map(([partition, offset]) => ({ topic, partition, offset }));
      commits.clear();
      await consumer.commitOffsets(offsets);
    }
    flushing = false;
  };
  await run(consumer, topics, 6, async ({ topic, partition, messages }, last) => {
    await handle({ topic, partition, messages });
    commits.set(partition, String(last + 1n));
    void flush(topic);
  });
  return { stop: () => consumer.disconnect() };
}

/** A consumer with its position in PostgreSQL: one transaction per batch. `after` is told the lane, after the commit. */
export async function consumeStateful(
  { kafka, pool, group, topics }: { kafka: Kafka; pool: Pool; group: string; topics: string[] },
  apply: (tx: PoolClient, batch: RawBatch, lane: number) => Promise<void>,
  after: (lane: number, batch: RawBatch) => void,
): Promise<RawConsumer> {
  const consumer = kafka.consumer({ groupId: group, ...TIMING });
  const commits = new Map<string, { topic: string; partition: number; offset: string }>();
  await run(consumer, topics, 4, async ({ topic, partition, messages }, last) => {
    const done = await inRawTransaction(pool, async (tx) => {
      const { next, lane } = await lockRawPosition(tx, topic, partition);
      const fresh = messages.filter(({ offset }) => BigInt(offset) >= next);
      const batch = { topic, partition, messages: fresh };
      if (fresh.length > 0) await apply(tx, batch, lane);
      await moveRawPosition(tx, topic, partition, last + 1n);
      return { lane, batch };
    });
    after(done.lane, done.batch);
    commits.set(`${topic}/${partition}`, { topic, partition, offset: String(last + 1n) });
  });
  const hint = setInterval(() => {
    const offsets = [...commits.values()];
    commits.clear();
    if (offsets.length > 0) void consumer.commitOffsets(offsets).catch(() => undefined);
  }, 1000);
  return {
    async stop() {
      clearInterval(hint);
      if (commits.size > 0) await consumer.commitOffsets([...commits.values()]).catch(() => undefined);
      await consumer.disconnect();
    },
  };
}

async function run(
  consumer: ReturnType<Kafka['consumer']>,
  topics: string[],
  atOnce: number,
  onBatch: (batch: RawBatch, last: bigint) => Promise<void>,
): Promise<void> {
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: atOnce,
    async eachBatch(given) {
      const { batch } = given;
      const last = batch.lastOffset();
      await onBatch(batch, BigInt(last));
      given.resolveOffset(last);
      await given.heartbeat();
    },
  });
  await joined;
}
