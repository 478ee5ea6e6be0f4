import type { Kafka, KafkaMessage } from 'kafkajs';
import type { Pool, PoolClient } from 'pg';
import { inRawTransaction, lockRawPositions, moveRawPositions } from './raw-database.ts';

/** As the hub's consumers; `gatherMs` where the hub's stage lets the broker gather. */
const timing = (gatherMs?: number) => ({
  sessionTimeout: 10_000,
  heartbeatInterval: 500,
  rebalanceTimeout: 10_000,
  maxWaitTimeInMs: gatherMs ?? 100,
  minBytes: gatherMs === undefined ? 1 : 262_144,
  maxBytesPerPartition: 262_144,
  maxBytes: 8 * 262_144,
});

export interface RawConsumer {
  stop(): Promise<void>;
}

export interface RawBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
}

/** A batch, and the lane of its partition. */
export interface LanedBatch extends RawBatch {
  readonly lane: number;
}

export interface StatefulParts {
  readonly kafka: Kafka;
  readonly pool: Pool;
  readonly group: string;
  readonly topics: string[];
  readonly gatherMs?: number;
  /** Topics do not share transactions. */
  readonly apart?: boolean;
}

/** What of a fetch goes into one transaction, as in the hub. */
const MOST_TOGETHER = 500;

/** A consumer with its position in Kafka: `handle` publishes, then the offset moves; commits are coalesced. */
export async function consumeStateless(
  kafka: Kafka,
  topics: string[],
  group: string,
  handle: (batch: RawBatch) => Promise<void>,
): Promise<RawConsumer> {
  const consumer = kafka.consumer({ groupId: group, ...timing() });
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

/** A consumer with its position in PostgreSQL: one transaction for the partitions of a fetch. `after` runs after the commit. */
export async function consumeStateful(
  { kafka, pool, group, topics, gatherMs, apart = false }: StatefulParts,
  apply: (tx: PoolClient, batches: readonly LanedBatch[]) => Promise<void>,
  after: (batches: readonly LanedBatch[]) => void,
): Promise<RawConsumer> {
  const consumer = kafka.consumer({ groupId: group, ...timing(gatherMs) });
  const commits = new Map<string, { topic: string; partition: number; offset: string }>();
  const take = (batches: readonly RawBatch[], lasts: readonly bigint[]) =>
    inRawTransaction(pool, async (tx) => {
      const positions = await lockRawPositions(tx, batches);
      const fresh = batches.map(({ topic, partition, messages }, at) => {
        const { next, lane } = positions[at] ?? { next: 0n, lane: 0 };
        return { topic, partition, lane, messages: messages.filter(({ offset }) => BigInt(offset) >= next) };
      });
      await apply(tx, fresh);
      const moves = batches.map(({ topic, partition }, at) => ({ topic, partition, next: (lasts[at] ?? 0n) + 1n }));
      await moveRawPositions(tx, moves);
      return fresh;
    });
  const gathered = gathering(apart, async (batches, lasts) => {
    after(await take(batches, lasts));
    batches.forEach(({ topic, partition }, at) =>
      commits.set(`${topic}/${partition}`, { topic, partition, offset: String((lasts[at] ?? 0n) + 1n) }),
    );
  });
  await run(consumer, topics, topics.length + 24, gathered);
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

/** What is handed over in one turn of the event loop is taken together. */
function gathering(apart: boolean, take: (batches: readonly RawBatch[], lasts: readonly bigint[]) => Promise<void>) {
  let waiting: { batch: RawBatch; last: bigint; done: (result: Promise<void>) => void }[] = [];
  const begin = (): void => {
    const all = waiting.splice(0);
    for (const some of Map.groupBy(all, ({ batch }) => (apart ? batch.topic : '')).values()) inParts(some);
  };
  const inParts = (all: typeof waiting): void => {
    while (all.length > 0) {
      let records = 0;
      const end = all.findIndex(({ batch }, at) => (records += batch.messages.length) > MOST_TOGETHER && at > 0);
      const part = all.splice(0, end < 0 ? all.length : end);
      const result = take(
        part.map(({ batch }) => batch),
        part.map(({ last }) => last),
      );
      for (const { done } of part) done(result);
    }
  };
  return (batch: RawBatch, last: bigint): Promise<void> => {
    if (waiting.length === 0) setImmediate(begin);
    return new Promise((done) => (waiting = [...waiting, { batch, last, done }]));
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
