import { randomBytes } from 'node:crypto';
import { sqlState } from '#libs/persistence';
import type { Pool } from 'pg';
import pLimit from 'p-limit';
import { runBatches, type Appliers, type Applied, type BatchResult } from './batch-transaction.ts';
import type { Batch, Beginning, Outcome, ConsumerTiming } from './consumer-session.ts';
import { BatchPortions, Gathering } from './gathering.ts';
import { GroupMember } from './group-member.ts';
import type { KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { MessagingError, asError } from './messaging-error.ts';
import { AdaptiveLimit } from './gathering.ts';
import { findStartPositions } from './position.ts';
import { BackOff } from './waiting.ts';
import { place, type Place } from './record.ts';

export interface BatchConsumerOptions extends Appliers, Omit<ConsumerTiming, 'partitionsAtOnce'> {
  kafka: KafkaPort;
  pool: Pool;
  /** The app's schema, with the tables of `messagingTables`. */
  schema: string;
  group: string;
  topics: readonly string[];
  /** Who moved the position, for people who look at the table. */
  owner: string;
  log: Log;
  /** Topics with the same answer may share a transaction; each topic with itself alone when left out. */
  together?(topic: string): string;
  /** Each holds a connection of the pool. */
  transactionsAtOnce?: number;
  /** After the commit; give the relay here what was appended. */
  onApplied?(applied: readonly Applied[]): void;
  /** The stored position cannot be right: records are lost or the topic is another. The partition stays paused; whoever is told logs it. */
  fatal(error: MessagingError): void;
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
 * A consumer that starts from PostgreSQL: state, position and outbox commit together (architecture 2.6; docs/parts.md). Kafka's own committed offset is a hint.
 * States of a partition: following; sought (a gap was seen, one seek made); waiting (a failure, again after a pause); halted (fatal).
 *
 * following -> sought -> following, or -> halted when the same gap is there again.
 * following -> waiting -> following: the pause doubles from 0.2 s to 5 s, and what is tried at once halves (gathering.ts). sought -> halted, too: the log still ends below the position.
 *
 * Partitions that follow and come in one fetch share a transaction (gathering.ts); one that failed runs alone until it has succeeded.
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
    // All that one fetch brings is handed over at once: what runs at once is bounded by the transactions.
    timing: { ...options, partitionsAtOnce: topics.length + MOST_PARTITIONS },
    onBatch: (batch) => partitions.onBatch(batch),
    onJoin: (given) => partitions.onJoin(given),
  });
  return { ready: member.ready, addTopics: (more) => member.addTopics(more), stop: () => member.stop() };
}

const ownerOfNow = (name: string): string => `${name} ${randomBytes(4).toString('hex')}`;

/** Partitions beyond one of each topic. More would wait for a turn and go in a transaction of their own; each turn costs a little at every fetch. */
const MOST_PARTITIONS = 24;

/** Of the partitions in one message of what is fatal. */
const MOST_NAMED = 3;

/** Records of a transaction over several partitions: about a second's work. */
const MOST_TOGETHER = 500;

class PartitionStates {
  readonly #options: BatchConsumerOptions;
  /** Another after each failure: what failed may have been committed all the same, and then nobody has sent what it said. */
  #owner: string;
  /** The position each partition was last sent back to because of a gap or a short log. */
  readonly #sought = new Map<string, bigint>();
  /** Of the partitions whose last try failed. */
  readonly #failing = new Map<string, BackOff>();
  readonly #portions = new BatchPortions();
  /** Whose log was found to end below the position: told once, however often the group is joined. */
  readonly #halted = new Set<string>();
  readonly #transactions: ReturnType<typeof pLimit>;
  /** Per kind of topic (`together`). */
  readonly #gatherings = new Map<string, Gathering>();
  readonly #mostTogether = new AdaptiveLimit(MOST_TOGETHER);

  constructor(options: BatchConsumerOptions) {
    this.#options = options;
    this.#owner = ownerOfNow(options.owner);
    this.#transactions = pLimit(options.transactionsAtOnce ?? 4);
  }

  onBatch(batch: Batch): Promise<Outcome> {
    const where = place(batch.topic, batch.partition);
    const sound = !this.#failing.has(where) && this.#portions.first(where, batch) === batch;
    return sound ? this.#gathering(batch.topic).add(batch) : this.#alone(where, batch);
  }

  /** See `findStartPositions`. */
  async onJoin(given: readonly Place[]): Promise<Beginning> {
    const { group, log } = this.#options;
    const { seeks, forgotten, beyond } = await findStartPositions(this.#options, this.#options, given);
    if (forgotten > 0n) log.warn('consumer.catching-up', { group, records: String(forgotten), why: 'older-database' });
    const news = beyond.filter(({ topic, partition }) => !this.#halted.has(place(topic, partition)));
    if (news.length > 0) {
      for (const { topic, partition } of news) this.#halted.add(place(topic, partition));
      const numbers = news.map(
        ({ topic, partition, next, end }) => `${place(topic, partition)}: stored ${String(next)}, end ${String(end)}`,
      );
      this.#fatal(
        'log-truncated',
        `topic shrunk; ${numbers.slice(0, MOST_NAMED).join('; ')}; ${numbers.length} partitions in all`,
      );
    }
    return { seeks, halted: beyond };
  }

  #gathering(topic: string): Gathering {
    const kind = this.#options.together?.(topic) ?? topic;
    const known = this.#gatherings.get(kind);
    if (known !== undefined) return known;
    const made = new Gathering(
      (batches) => this.#together(batches),
      () => this.#mostTogether.value,
    );
    this.#gatherings.set(kind, made);
    return made;
  }

  async #together(batches: readonly Batch[]): Promise<Outcome[]> {
    const records = batches.reduce((sum, { messages }) => sum + messages.length, 0);
    try {
      const outcomes = await this.#run(batches);
      this.#mostTogether.went(records);
      return outcomes;
    } catch (error) {
      // Whose fault it was shows when each runs alone.
      if (batches.length > 1) this.#mostTogether.failed(records);
      return batches.map((batch) => this.#failed(batch, error));
    }
  }

  async #alone(where: string, batch: Batch): Promise<Outcome> {
    for (let rest: Batch | undefined = batch; rest !== undefined;) {
      const portion = this.#portions.first(where, rest);
      const outcome = await this.#run([portion]).then(
        ([only]) => only,
        (error: unknown) => this.#failed(portion, error),
      );
      if (outcome?.then !== 'advance') return outcome ?? { then: 'again', afterMs: 1000 };
      rest = this.#portions.after(portion, rest);
    }
    return { then: 'advance', commit: 'lazily' };
  }

  async #run(batches: readonly Batch[]): Promise<Outcome[]> {
    const sought = ({ topic, partition }: Batch, next: bigint) => this.#sought.get(place(topic, partition)) === next;
    const result = await this.#transactions(() =>
      runBatches({ ...this.#options, owner: this.#owner }, batches, sought),
    );
    const outcomes = batches.map((batch, at) => this.#after(batch, result.batches[at]));
    for (const run of result.afterCommit) this.#told(run);
    const applied = result.batches.flatMap((each) => (each.done ? each.applied : []));
    if (applied.length > 0) this.#told(() => this.#options.onApplied?.(applied));
    return outcomes;
  }

  #after(batch: Batch, result: BatchResult | undefined): Outcome {
    const where = place(batch.topic, batch.partition);
    if (result === undefined) throw new Error('a batch without a result');
    this.#failing.delete(where);
    if (!result.done) return this.#astray(where, batch, result.judgement, result.next);
    if (result.begun) this.#options.log.warn('consumer.begins-late', { where, first: String(batch.first) });
    this.#sought.delete(where);
    this.#portions.went(where, batch);
    return { then: 'advance', commit: 'lazily' };
  }

  #astray(where: string, batch: Batch, judgement: 'seek' | 'lost' | 'shrunk', next: bigint): Outcome {
    const { log } = this.#options;
    if (judgement === 'seek') {
      if (batch.first > next || batch.end < next) this.#sought.set(where, next);
      log.info('consumer.seek', { where, first: String(batch.first), next: String(next) });
      return { then: 'seek', offset: next };
    }
    const numbers = `${where}: stored ${String(next)}, first readable ${String(batch.first)}, end ${String(batch.end)}`;
    if (judgement === 'lost') this.#fatal('position-gap', `records lost before they were applied; ${numbers}`);
    else this.#fatal('log-truncated', `topic shrunk; ${numbers}`);
    return { then: 'halt' };
  }

  #fatal(code: 'log-truncated' | 'position-gap', reason: string): void {
    this.#told(() => this.#options.fatal(new MessagingError(code, reason)));
  }

  #failed(batch: Batch, error: unknown): Outcome {
    const where = place(batch.topic, batch.partition);
    this.#portions.failed(where, batch);
    this.#owner = ownerOfNow(this.#options.owner);
    const backOff = this.#failing.get(where) ?? new BackOff(200, 5000);
    this.#failing.set(where, backOff);
    const afterMs = backOff.next();
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
