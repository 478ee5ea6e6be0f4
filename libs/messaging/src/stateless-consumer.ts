import type { Batch, Outcome, ConsumerTiming } from './consumer-session.ts';
import { GroupMember } from './group-member.ts';
import { halveAround } from './gathering.ts';
import { BackOff } from './waiting.ts';
import type { KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { MessagingError, asError } from './messaging-error.ts';
import { decodeRecord, isGarbled, type GarbledRecord, type InRecord } from './record.ts';

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
  const failing = new Map<string, BackOff>();
  const onBatch = async (batch: Batch): Promise<Outcome> => {
    const where = `${batch.topic}/${batch.partition}`;
    try {
      await handleBatch(options, batch);
      failing.delete(where);
      options.onHandled?.(batch.messages.length);
      return { then: 'advance', commit: 'soon' };
    } catch (error) {
      const backOff = failing.get(where) ?? new BackOff(200, 5000);
      failing.set(where, backOff);
      const afterMs = backOff.next();
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
  const attempt = async (part: readonly InRecord[]): Promise<Error | undefined> => {
    try {
      await options.handle([...part]);
      return undefined;
    } catch (error) {
      // A commit to Kafka cannot be halved, so what went well is published twice: harmless, while a lost record is not.
      if (passes(error)) throw error;
      return asError(error);
    }
  };
  await halveAround(records, attempt, (record, error) => options.onPoison(record, error));
}

const passes = (error: unknown): boolean => error instanceof MessagingError && error.code !== 'too-large';
