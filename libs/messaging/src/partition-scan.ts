import type { Consumer, EachBatchPayload } from 'kafkajs';
import { consumerConfig } from './consumer-session.ts';
import type { KafkaPort } from './kafka.ts';
import { asError, MessagingError } from './messaging-error.ts';
import { decodeRecord, type GarbledRecord, type InRecord } from './record.ts';
import { pause } from './waiting.ts';

export interface PartitionScan {
  readonly kafka: KafkaPort;
  /** A group of this scan alone: kafkajs reads only as a member of one. It commits nothing. */
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The first offset that is read; else the first there is. */
  readonly from?: bigint;
  /** The first offset that is not read. */
  readonly until: bigint;
  /** Takes records in their order; the next come when it has resolved. Its rejection ends the scan. */
  handle(records: readonly (InRecord | GarbledRecord)[]): Promise<void>;
}

/** After so long without a fetch Kafka counts as away, ms of the machine's clock. */
const SILENCE_LIMIT = 30_000;

/**
 * Reads one partition up to an offset, once: for a command, not for a service. It ends by itself.
 * @throws MessagingError `unavailable` when Kafka goes away meanwhile, or what `handle` rejects with
 */
export async function scanPartition(scan: PartitionScan): Promise<void> {
  const { kafka, group, topic, partition, from } = scan;
  const partitions = await kafka.partitionCount(topic);
  const consumer = kafka.client.consumer(consumerConfig(group, {}));
  const end = Promise.withResolvers<undefined>();
  const watch = watchFor(consumer, (error) => end.reject(error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        // Thrown into kafkajs, an error could stop it for ever without a word.
        await readBatch(payload, scan, end).catch((error: unknown) => end.reject(asError(error)));
      },
    });
    const others = Array.from({ length: partitions }, (_, index) => index).filter((index) => index !== scan.partition);
    if (others.length > 0) consumer.pause([{ topic, partitions: others }]);
    if (from !== undefined) consumer.seek({ topic, partition, offset: `${from}` });
    await end.promise;
  } catch (error) {
    if (error instanceof MessagingError || !isOfKafka(error)) throw error;
    throw new MessagingError('unavailable', 'Kafka does not answer', error);
  } finally {
    clearInterval(watch);
    await consumer.disconnect().catch(() => undefined);
    await forgetGroup(kafka, group);
  }
}

/**
 * The record at one offset, for who looks at a single message; undefined when it is there no more, or never was.
 * @throws MessagingError `unavailable` when Kafka goes away meanwhile
 */
export async function recordAt(
  kafka: KafkaPort,
  {
    group,
    topic,
    partition,
    offset,
  }: Pick<PartitionScan, 'group' | 'topic' | 'partition'> & { readonly offset: bigint },
): Promise<InRecord | GarbledRecord | undefined> {
  const ends = await kafka.admin((admin) => admin.fetchTopicOffsets(topic));
  const end = ends.find((one) => one.partition === partition);
  // Of an offset that retention has taken away Kafka would begin anew somewhere else.
  if (end === undefined || offset < BigInt(end.low) || offset >= BigInt(end.high)) return undefined;
  let found: InRecord | GarbledRecord | undefined;
  const handle = (records: readonly (InRecord | GarbledRecord)[]): Promise<void> => {
    found ??= records.find((record) => record.offset === offset);
    return Promise.resolve();
  };
  await scanPartition({ kafka, group, topic, partition, from: offset, until: offset + 1n, handle });
  return found;
}

async function readBatch(
  payload: EachBatchPayload,
  scan: PartitionScan,
  end: PromiseWithResolvers<undefined>,
): Promise<void> {
  const { batch } = payload;
  const { topic, partition, from = 0n, until } = scan;
  if (batch.partition !== partition || !payload.isRunning() || payload.isStale()) return;
  const records = batch.messages
    .filter(({ offset }) => BigInt(offset) >= from && BigInt(offset) < until)
    .map((message) => decodeRecord(topic, partition, message));
  const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), 500);
  try {
    if (records.length > 0) await scan.handle(records);
  } finally {
    clearInterval(beat);
  }
  // Not the last message's: what retention or compaction took away at the end of the batch has no message.
  payload.resolveOffset(batch.lastOffset());
  if (BigInt(batch.lastOffset()) + 1n >= until) end.resolve(undefined);
}

function watchFor(consumer: Consumer, fail: (error: Error) => void): NodeJS.Timeout {
  let sign = Date.now();
  const { events } = consumer;
  for (const name of [events.FETCH, events.HEARTBEAT, events.GROUP_JOIN]) consumer.on(name, () => (sign = Date.now()));
  consumer.on(events.CRASH, ({ payload }) => {
    fail(new MessagingError('unavailable', 'Kafka does not answer', payload.error));
  });
  return setInterval(() => {
    if (Date.now() - sign > SILENCE_LIMIT) fail(new MessagingError('unavailable', 'Kafka does not answer'));
  }, 1000);
}

const isOfKafka = (error: unknown): boolean => asError(error).name.startsWith('KafkaJS');

/** A group that is left over does no harm: Kafka drops an empty one by itself after some days. */
async function forgetGroup(kafka: KafkaPort, group: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    try {
      await kafka.admin((admin) => admin.deleteGroups([group]));
      return;
    } catch {
      await pause(50);
    }
  }
}
