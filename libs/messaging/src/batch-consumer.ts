import { sqlState } from '#libs/persistence';
import type { Pool } from 'pg';
import type { Appliers } from './apply-batch.ts';
import { BatchPortions } from './batch-portions.ts';
import { runBatch } from './batch-run.ts';
import type { Applied } from './batch-run.ts';
import type { Batch, Outcome } from './consumer-seat.ts';
import type { ConsumerTiming } from './consumer-timing.ts';
import { GroupMember } from './group-member.ts';
import type { KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { MessagingError, asError } from './messaging-error.ts';

export interface BatchConsumerOptions extends Appliers, ConsumerTiming {
  kafka: KafkaPort;
  pool: Pool;
  /** The app's schema, with the tables of `messagingTables`. */
  schema: string;
  group: string;
  topics: readonly string[];
  /** Who moved the position, for people who look at the table. */
  owner: string;
  log: Log;
  /** After the commit; kick the relay here when something was appended. */
  onApplied?(applied: Applied): void;
  /** The stored position cannot be right: records are lost or the topic is another. The partition stays paused. */
  fatal(error: Error): void;
}

export interface BatchConsumer {
  /** Resolves when the group was first joined (or the consumer stopped). */
  readonly ready: Promise<void>;
  /** Resolves when joined with these too. */
  addTopics(topics: readonly string[]): Promise<void>;
  /** At most 5 s, whatever Kafka and PostgreSQL do. */
  stop(): Promise<void>;
}

/**
 * A consumer that starts from PostgreSQL: state, position and outbox commit together (architecture 2.6; parts.md). Kafka's own committed offset is a hint.
 * States of a partition: following; sought (a gap was seen, one seek made); waiting (a failure, again after a pause); halted (fatal).
 *
 * following -> sought -> following, or -> halted when the same gap is there again.
 * following -> waiting -> following: the pause doubles from 0.2 s to 5 s, and what is tried at once halves (batch-portions.ts). sought -> halted, too: the log still ends below the position.
 * In: see the options. Out: the consumer, already starting. Errors: none; what fails is logged and tried again.
 */
export function startBatchConsumer(options: BatchConsumerOptions): BatchConsumer {
  const partitions = new PartitionStates(options);
  const { kafka, group, topics, log } = options;
  const member = new GroupMember({
    kafka,
    group,
    topics,
    log,
    timing: options,
    onBatch: (batch) => partitions.onBatch(batch),
  });
  return { ready: member.ready, addTopics: (more) => member.addTopics(more), stop: () => member.stop() };
}

class PartitionStates {
  readonly #options: BatchConsumerOptions;
  /** The position each partition was last sent back to because of a gap or a short log. */
  readonly #sought = new Map<string, bigint>();
  readonly #failures = new Map<string, number>();
  readonly #portions = new BatchPortions();

  constructor(options: BatchConsumerOptions) {
    this.#options = options;
  }

  async onBatch(batch: Batch): Promise<Outcome> {
    const where = `${batch.topic}/${batch.partition}`;
    for (let rest: Batch | undefined = batch; rest !== undefined;) {
      const portion = this.#portions.first(where, rest);
      const outcome = await this.#run(where, portion);
      if (outcome.then !== 'advance') return outcome;
      rest = this.#portions.after(portion, rest);
    }
    return { then: 'advance', commit: 'lazily' };
  }

  async #run(where: string, batch: Batch): Promise<Outcome> {
    try {
      const result = await runBatch(this.#options, batch, (next) => this.#sought.get(where) === next);
      this.#failures.delete(where);
      if (!result.done) return this.#astray(where, batch, result.judgement, result.next);
      if (result.begun) this.#options.log.warn('consumer.begins-late', { where, first: String(batch.first) });
      this.#sought.delete(where);
      this.#portions.went(where, batch);
      for (const run of result.afterCommit) this.#told(run);
      this.#told(() => this.#options.onApplied?.(result.applied));
      return { then: 'advance', commit: 'lazily' };
    } catch (error) {
      this.#portions.failed(where, batch);
      return this.#failed(where, error);
    }
  }

  #astray(where: string, batch: Batch, judgement: 'seek' | 'lost' | 'shrunk', next: bigint): Outcome {
    const { log } = this.#options;
    if (judgement === 'seek') {
      if (batch.first > next || batch.end < next) this.#sought.set(where, next);
      log.info('consumer.seek', { where, first: String(batch.first), next: String(next) });
      return { then: 'seek', offset: next };
    }
    const numbers = `${where}: stored ${String(next)}, first readable ${String(batch.first)}, end ${String(batch.end)}`;
    const error = new MessagingError(
      'fatal-position',
      `${judgement === 'lost' ? 'records lost before they were applied' : 'topic shrunk'}; ${numbers}`,
    );
    log.error('consumer.fatal', { where, reason: error.message });
    this.#told(() => this.#options.fatal(error));
    return { then: 'halt' };
  }

  #failed(where: string, error: unknown): Outcome {
    const failures = (this.#failures.get(where) ?? 0) + 1;
    this.#failures.set(where, failures);
    const afterMs = Math.min(100 * 2 ** Math.min(failures, 10), 5000);
    // The message of an error may hold content (a value that did not fit): its kind only.
    this.#options.log.warn('consumer.again', { where, reason: sqlState(error) ?? asError(error).name, afterMs });
    return { then: 'again', afterMs };
  }

  /** What listeners do after the commit cannot undo it. */
  #told(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.log.error('consumer.listener', { reason: asError(error).name });
    }
  }
}
