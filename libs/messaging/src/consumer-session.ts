import type { ConsumerConfig, Consumer, EachBatchPayload } from 'kafkajs';
import type { KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { asError } from './messaging-error.ts';
import { BackOff, Pace, pause, within } from './waiting.ts';
import { type Place } from './record.ts';

/** Times in ms of the machine's clock. */
export interface ConsumerTiming {
  /** After so long without a sign a member's partitions go to others. */
  sessionTimeoutMs?: number;
  heartbeatMs?: number;
  rebalanceTimeoutMs?: number;
  /**
   * At most one fetch in so many ms, unless one left something behind: after a silence a record is taken at once, under load they gather,
   * and the busier it is, the less each one costs. Without it each fetch follows the one before.
   */
  gatherMs?: number;
  /**
   * So many records in a fetch make the next one wait for the whole of `gatherMs`, fewer for a share of it: a record that comes
   * alone costs nobody else's time, so it need not wait. Without it the whole time is waited whenever something came.
   */
  gatherWholeAt?: number;
  /** How long the broker may hold a fetch that finds nothing. Whoever is resumed, moved or stopped waits for it. */
  idleMs?: number;
  maxBytesPerPartition?: number;
  partitionsAtOnce?: number;
}

/** Of a partition in a fetch. A record that is larger comes all the same; more of them at once is memory, and hardly speed. */
const MOST_BYTES = 524_288;

/** In: group and times. Out: kafkajs's configuration with our defaults (docs/parts.md: session 3 s, heartbeat 0.5 s, rebalance 5 s). */
export function consumerConfig(group: string, timing: ConsumerTiming): ConsumerConfig {
  const perPartition = timing.maxBytesPerPartition ?? MOST_BYTES;
  return {
    groupId: group,
    sessionTimeout: timing.sessionTimeoutMs ?? 3000,
    heartbeatInterval: timing.heartbeatMs ?? 500,
    rebalanceTimeout: timing.rebalanceTimeoutMs ?? 5000,
    maxWaitTimeInMs: timing.idleMs ?? 100,
    minBytes: 1,
    maxBytesPerPartition: perPartition,
    maxBytes: 8 * perPartition,
    allowAutoTopicCreation: false,
    // kafkajs never restarts by itself: after a topic was deleted its own restart crashes for ever. We take a new client.
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
  };
}

/** One batch of one partition. `end` = the broker's high watermark. */
export interface Batch {
  topic: string;
  partition: number;
  messages: EachBatchPayload['batch']['messages'];
  first: bigint;
  last: bigint;
  end: bigint;
}

/** What to do after a batch. `commit`: Kafka is told `soon` (at once after a silence, under load all that came in COMMIT_EVERY_MS) or `lazily` (within a second). */
export type Outcome =
  | { then: 'advance'; commit: 'soon' | 'lazily' }
  | { then: 'seek'; offset: bigint }
  | { then: 'again'; afterMs: number }
  | { then: 'halt' };

/** Where to read partitions from that were just given, and which of them not to read at all. */
export interface Beginning {
  readonly seeks: readonly (Place & { readonly offset: bigint })[];
  readonly halted: readonly Place[];
}

export interface SessionOptions {
  kafka: KafkaPort;
  group: string;
  topics: readonly string[];
  timing: ConsumerTiming;
  log: Log;
  /** Never throws. */
  onBatch(batch: Batch): Promise<Outcome>;
  /** Asked at every join, again until it answers. Without it Kafka's own committed offsets are where reading begins. */
  onJoin?(given: readonly Place[]): Promise<Beginning>;
}

const silenceLimitMs = 30_000;
/** Telling Kafka costs both sides as much as a small batch, and nothing but the watermark and a repetition after a crash hangs on it. */
const COMMIT_EVERY_MS = 25;

/**
 * One kafkajs consumer from its start to its end; it is never mended, only replaced (see GroupMember).
 * States: opening -> joined -> ended. It ends when it cannot start, crashes, gives no sign of life, or is retired.
 */
export class ConsumerSession {
  /** Resolves with the reason when the session has ended. */
  readonly ended: Promise<string>;
  readonly joined: Promise<void>;
  readonly #consumer: Consumer;
  readonly #options: SessionOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Per partition the offset that Kafka shall be told. */
  readonly #commits = new Map<string, { topic: string; partition: number; offset: string }>();
  #end: (reason: string) => void = () => undefined;
  #join: () => void = () => undefined;
  #retired = false;
  #flushing: Promise<void> | undefined;
  readonly #pace = new Pace(COMMIT_EVERY_MS);
  #joins = 0;
  /** Of the present fetch: batches that are not done, records, when it began, and whether it left something behind. */
  readonly #fetch = { open: 0, records: 0, at: 0, more: false };
  #lastSign = Date.now();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.joined = new Promise((resolve) => (this.#join = resolve));
    this.#consumer = options.kafka.client.consumer(consumerConfig(options.group, options.timing));
    this.#listen();
  }

  /** Connects, subscribes, runs. Every failure arrives through `ended`. */
  async open(): Promise<void> {
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.#options.timing.partitionsAtOnce ?? 6,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
      this.#timers.add(setInterval(() => void this.#flush(), 1000));
      this.#timers.add(setInterval(() => this.#watch(), 5000));
    } catch (error) {
      this.#end(asError(error).name);
    }
  }

  retire(reason: string): void {
    this.#retired = true;
    this.#end(reason);
  }

  /** Leaves the group; at most 4 s, whatever Kafka does. */
  async close(): Promise<void> {
    this.#retired = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await within(4000, this.#leave());
  }

  async #leave(): Promise<void> {
    // The batches under way commit what they did; what is not committed now is done again by whoever comes next.
    await this.#flush();
    await this.#consumer.disconnect().catch(() => undefined);
  }

  #listen(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.CRASH, ({ payload }) => this.#end(`crash: ${payload.error.name}`));
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.#lastSign = Date.now();
      // Partitions may have gone to others, who commit for them now; what is ours is read again from the last commit.
      this.#joins += 1;
      this.#commits.clear();
      // A join that was under way when the session ended would hold partitions that nobody reads.
      if (this.#retired) void this.#consumer.disconnect().catch(() => undefined);
      else void this.#begin(payload.memberAssignment, this.#joins);
    });
    for (const sign of [events.HEARTBEAT, events.FETCH]) this.#consumer.on(sign, () => (this.#lastSign = Date.now()));
  }

  /** What was fetched before its partition was sought comes as stale, or is compared with its position like any batch. */
  async #begin(assignment: Readonly<Record<string, number[]>>, join: number): Promise<void> {
    const given = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    const backOff = new BackOff(200, 2000);
    while (this.#holds(join)) {
      try {
        const beginning = await this.#options.onJoin?.(given);
        if (!this.#holds(join)) return;
        for (const { topic, partition, offset } of beginning?.seeks ?? [])
          this.#consumer.seek({ topic, partition, offset: String(offset) });
        for (const { topic, partition } of beginning?.halted ?? [])
          this.#consumer.pause([{ topic, partitions: [partition] }]);
        this.#join();
        return;
      } catch (error) {
        const afterMs = backOff.next();
        const { group, log } = this.#options;
        log.warn('consumer.start-unknown', { group, reason: asError(error).name, afterMs });
        await pause(afterMs, true);
      }
    }
  }

  /** Whether the partitions of this join are still ours; both change during every await. */
  #holds(join: number): boolean {
    return !this.#retired && join === this.#joins;
  }

  #watch(): void {
    if (Date.now() - this.#lastSign > silenceLimitMs) this.#end('no sign of life');
  }

  /** Never throws: kafkajs stops for ever on some errors (docs/parts.md). */
  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const first = batch.firstOffset();
    if (this.#retired || !payload.isRunning() || payload.isStale() || first === null) return;
    const { topic, partition } = batch;
    const last = BigInt(batch.lastOffset());
    // kafkajs beats only between batches; a rebalance is seen by it after the batch.
    const beat = setInterval(
      () => void payload.heartbeat().catch(() => undefined),
      this.#options.timing.heartbeatMs ?? 500,
    );
    if (this.#fetch.open++ === 0) Object.assign(this.#fetch, { records: 0, at: performance.now(), more: false });
    this.#fetch.records += batch.messages.length;
    this.#fetch.more ||= BigInt(batch.highWatermark) > last + 1n;
    try {
      const given = {
        topic,
        partition,
        messages: batch.messages,
        first: BigInt(first),
        last,
        end: BigInt(batch.highWatermark),
      };
      this.#follow(await this.#options.onBatch(given), payload, last);
    } catch (error) {
      this.#options.log.error('consumer.unexpected', { topic, partition, reason: asError(error).name });
      this.#pauseFor(payload, 1000);
    } finally {
      await this.#gather();
      this.#fetch.open--;
      clearInterval(beat);
    }
  }

  /** kafkajs fetches again when all batches of a fetch are done: until then the broker gathers. */
  async #gather(): Promise<void> {
    const { gatherMs = 0, gatherWholeAt = 1 } = this.#options.timing;
    const { records, at, more } = this.#fetch;
    const wait = at + gatherMs * Math.min(1, records / gatherWholeAt) - performance.now();
    if (wait > 0 && !more && !this.#retired) await Promise.race([pause(wait), this.ended]);
  }

  #follow(outcome: Outcome, payload: EachBatchPayload, last: bigint): void {
    const { topic, partition } = payload.batch;
    if (outcome.then === 'seek') this.#consumer.seek({ topic, partition, offset: String(outcome.offset) });
    else if (outcome.then === 'again') this.#pauseFor(payload, outcome.afterMs);
    else if (outcome.then === 'halt') payload.pause();
    else {
      payload.resolveOffset(String(last));
      this.#commits.set(`${topic}/${partition}`, { topic, partition, offset: String(last + 1n) });
      if (outcome.commit === 'soon') void this.#flush();
    }
  }

  /** Only this partition waits. Not resolved, so it is fetched again. */
  #pauseFor(payload: EachBatchPayload, ms: number): void {
    const resume = payload.pause();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      try {
        resume();
      } catch {
        // The partition has meanwhile gone to another member: nothing to resume.
      }
    }, ms);
    this.#timers.add(timer);
  }

  /** Every offset here is of what has been done, so a commit that fails or comes late costs a repetition, never a record. */
  #flush(): Promise<void> {
    return (this.#flushing ??= this.#commitAll().finally(() => (this.#flushing = undefined)));
  }

  async #commitAll(): Promise<void> {
    while (this.#commits.size > 0) {
      await this.#pace.turn();
      const [commits, joins] = [new Map(this.#commits), this.#joins];
      this.#commits.clear();
      // A join came while this waited: the partitions may be another's now.
      if (commits.size === 0) return;
      try {
        await this.#consumer.commitOffsets([...commits.values()]);
      } catch {
        // The next second tries again, with what is newer where there is something newer.
        if (joins === this.#joins)
          for (const [where, commit] of commits) if (!this.#commits.has(where)) this.#commits.set(where, commit);
        return;
      }
    }
  }
}
