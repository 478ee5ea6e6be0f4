import { decodeRecord } from './codec.ts';
import type { Batch, Outcome } from './consumer-seat.ts';
import type { ConsumerTiming } from './consumer-timing.ts';
import { GroupMember } from './group-member.ts';
import type { KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { MessagingError, asError } from './messaging-error.ts';
import { isGarbled } from './record.ts';
import type { GarbledRecord, InRecord } from './record.ts';

export interface StatelessConsumerOptions extends ConsumerTiming {
  kafka: KafkaPort;
  group: string;
  topics: readonly string[];
  log: Log;
  /** Publishes what follows from records of one partition; resolves when that is acknowledged. May run again for the same records. */
  handle(records: InRecord[]): Promise<void>;
  /** Publishes that a record could not be handled; resolves when that is acknowledged. */
  onPoison(record: InRecord | GarbledRecord, error: Error): Promise<void>;
  onHandled?(records: number): void;
}

export interface StatelessConsumer {
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/**
 * For an app without state: Kafka's committed offset is its position, moved only after what was published is acknowledged (architecture 2.7).
 * What happens twice is harmless, for ids are made, not drawn. An `unavailable` repeats the batch; any other error is pinned to one record,
 * which goes to onPoison, and the partition moves on (architecture 2.9).
 */
export function startStatelessConsumer(options: StatelessConsumerOptions): StatelessConsumer {
  const { kafka, group, topics, log } = options;
  const failures = new Map<string, number>();
  const onBatch = async (batch: Batch): Promise<Outcome> => {
    const where = `${batch.topic}/${batch.partition}`;
    try {
      await handleBatch(options, batch);
      failures.delete(where);
      options.onHandled?.(batch.messages.length);
      return { then: 'advance', commit: 'soon' };
    } catch (error) {
      const count = (failures.get(where) ?? 0) + 1;
      failures.set(where, count);
      const afterMs = Math.min(100 * 2 ** Math.min(count, 10), 5000);
      log.warn('consumer.again', {
        where,
        reason: error instanceof MessagingError ? error.code : asError(error).name,
        afterMs,
      });
      return { then: 'again', afterMs };
    }
  };
  const member = new GroupMember({ kafka, group, topics, log, timing: options, onBatch });
  return { ready: member.ready, stop: () => member.stop() };
}

async function handleBatch(options: StatelessConsumerOptions, batch: Batch): Promise<void> {
  const records = batch.messages.map((message) => decodeRecord(batch.topic, batch.partition, message));
  let run: InRecord[] = [];
  // In order: what is before a garbled record is published before it is reported.
  for (const record of records) {
    if (!isGarbled(record)) {
      run.push(record);
      continue;
    }
    await handleRun(options, run);
    run = [];
    await options.onPoison(record, new Error(record.garbled));
  }
  await handleRun(options, run);
}

async function handleRun(options: StatelessConsumerOptions, records: InRecord[]): Promise<void> {
  if (records.length === 0) return;
  try {
    await options.handle(records);
  } catch (error) {
    // A commit to Kafka cannot be halved, so what went well is published twice: harmless, while a lost record is not.
    if (passes(error)) throw error;
    const [only] = records;
    if (only !== undefined && records.length === 1) return options.onPoison(only, asError(error));
    const half = records.length >> 1;
    await handleRun(options, records.slice(0, half));
    await handleRun(options, records.slice(half));
  }
}

const passes = (error: unknown): boolean => error instanceof MessagingError && error.code !== 'too-large';
