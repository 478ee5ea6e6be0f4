import type { Pool } from 'pg';
import { GroupCommitProducer } from './group-commit.ts';
import type { KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { MessagingError, asError } from './messaging-error.ts';
import type { Applied } from './batch-transaction.ts';
import { RelayMemory } from './relay-memory.ts';
import { RelayPass, type StuckRow } from './relay-pass.ts';
import { within } from './waiting.ts';

/** The lanes of one pass. */
export interface LaneBatch {
  lanes: readonly number[];
  alone: boolean;
}

/**
 * Which lanes the relay sends next. States of a lane: quiet; dirty (something was committed, or more is left); running (in one pass); running and
 * dirty. Beside that it goes together with others, or alone.
 *
 * quiet -> dirty, running -> running and dirty: a kick. dirty -> running: a pass is free; one pass takes all that are dirty and go together.
 * running -> dirty: kicked meanwhile, or the pass left some. running -> quiet: the pass emptied it, or another process has it.
 * together -> alone: its pass failed. A lane whose partition has no leader would otherwise fail the others with it, again and again.
 * alone -> together: a pass of its own got the lane and succeeded.
 *
 * A lane is in one pass at a time: two passes would send its rows twice. One pass at most is of a lane alone, if there may be several:
 * each such pass may wait for Kafka until its deadline, and the others flow past it.
 */
export class RelayQueue {
  readonly #passesAtOnce: number;
  readonly #lanesPerPass: number;
  /** In the order in which they became dirty, so that none starves. */
  readonly #dirty = new Set<number>();
  readonly #running = new Set<number>();
  readonly #alone = new Set<number>();
  readonly #batches = new Set<LaneBatch>();

  constructor(passesAtOnce: number, lanesPerPass = 100) {
    this.#passesAtOnce = passesAtOnce;
    this.#lanesPerPass = lanesPerPass;
  }

  add(lanes: Iterable<number>): void {
    for (const lane of lanes) this.#dirty.add(lane);
  }

  /** Out: the next pass, which then runs until `succeeded` or `failed`; undefined when there is none to begin now. */
  next(): LaneBatch | undefined {
    if (this.#batches.size >= this.#passesAtOnce) return undefined;
    const aloneToo = this.#passesAtOnce === 1 || ![...this.#batches].some(({ alone }) => alone);
    const ready = [...this.#dirty].filter((lane) => !this.#running.has(lane) && (aloneToo || !this.#alone.has(lane)));
    const [first] = ready;
    if (first === undefined) return undefined;
    const alone = this.#alone.has(first);
    const together = ready.filter((lane) => !this.#alone.has(lane)).slice(0, this.#lanesPerPass);
    return this.#begin({ lanes: alone ? [first] : together, alone });
  }

  /** In: the pass, the lanes that it got (another process may have the rest), and those of which it left rows. */
  succeeded(batch: LaneBatch, taken: readonly number[], more: readonly number[]): void {
    this.#end(batch);
    for (const lane of taken) this.#alone.delete(lane);
    this.add(more);
  }

  /** Whether nothing was added to a lane since its last pass began. */
  isQuiet(lane: number): boolean {
    return !this.#dirty.has(lane) && !this.#running.has(lane);
  }

  /** Nothing was deleted. The caller adds the lanes again after a while. */
  failed(batch: LaneBatch): void {
    this.#end(batch);
    for (const lane of batch.lanes) this.#alone.add(lane);
  }

  #begin(batch: LaneBatch): LaneBatch {
    this.#batches.add(batch);
    for (const lane of batch.lanes) {
      this.#dirty.delete(lane);
      this.#running.add(lane);
    }
    return batch;
  }

  #end(batch: LaneBatch): void {
    this.#batches.delete(batch);
    for (const lane of batch.lanes) this.#running.delete(lane);
  }
}

export interface RelayOptions {
  kafka: KafkaPort;
  pool: Pool;
  schema: string;
  log: Log;
  /** Its own when left out: one for the lanes that go together and one for those that go alone. */
  producer?: GroupCommitProducer;
  /** The safety net for what was not kicked. */
  pollMs?: number;
  /** Shared by the lanes of a pass, but each may send 20. */
  rowsPerPass?: number;
  /** Each holds a connection of the pool. */
  passesAtOnce?: number;
  onStuck?(row: StuckRow): void;
}

export interface Relay {
  /** Call right after each commit of a consumer, also of one that appended nothing. */
  committed(applied: readonly Applied[]): void;
  /** As `committed`, for a writer without a partition that appended to the lanes. */
  kick(...lanes: number[]): void;
  /** Whether nothing waits to be sent (stuck rows apart). */
  idle(): Promise<boolean>;
  /** How many rows wait for a person. */
  stuck(): Promise<number>;
  /** At most 5 s, whatever Kafka and PostgreSQL do. */
  stop(): Promise<void>;
}

const againMs = 300;

/**
 * The outbox relay (architecture 2.7; docs/parts.md): what was just committed is sent from memory (relay-memory.ts); beside that it keeps passes
 * running over the lanes that are dirty, which read the outbox (`RelayQueue` tells their states). What is kicked while all passes run gathers, and the next pass takes it in one transaction: the busier, the fewer transactions per row.
 * Killed between send and delete it sends again: late copies are dropped by lane and seq, or by id.
 */
export function startRelay(options: RelayOptions): Relay {
  return new OutboxRelay(options);
}

class OutboxRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #producer: GroupCommitProducer;
  /** Of its own, for a request that waits for a partition's leader holds up whatever shares its producer. */
  readonly #producerForOne: GroupCommitProducer;
  readonly #pass: RelayPass;
  readonly #queue: RelayQueue;
  readonly #memory: RelayMemory;
  /** What the last poll saw first of each lane. */
  #seen = new Map<number, string>();
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #first = true;
  #polling: Promise<void> | undefined;
  #stopped = false;

  constructor(options: RelayOptions) {
    const { producer, kafka, log } = options;
    this.#options = options;
    this.#producer = producer ?? new GroupCommitProducer({ kafka, log });
    this.#producerForOne = producer ?? new GroupCommitProducer({ kafka, log });
    this.#pass = new RelayPass(options);
    this.#queue = new RelayQueue(options.passesAtOnce ?? 2);
    this.#memory = new RelayMemory({
      ...{ pool: options.pool, schema: options.schema, producer: this.#producer },
      onLeft: (lanes, error) => this.#again(lanes, error),
    });
    this.#timers.add(setInterval(() => void (this.#polling ??= this.#poll()), options.pollMs ?? 500));
    this.#polling = this.#poll();
  }

  committed(applied: readonly Applied[]): void {
    const others = this.#memory.committed(applied);
    if (others.length > 0) this.kick(...others);
  }

  kick(...lanes: number[]): void {
    if (this.#stopped) return;
    this.#memory.leave(lanes);
    this.#queue.add(lanes);
    this.#start();
  }

  async idle(): Promise<boolean> {
    return (await this.#count('stuck_reason is null')) === 0;
  }

  stuck(): Promise<number> {
    return this.#count('stuck_reason is not null');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const all = Promise.all([...this.#running, this.#polling, this.#memory.stop()]);
    if (this.#options.producer === undefined) {
      // What is on its way may still arrive; what is rejected here stays in the outbox.
      const late = !(await within(1000, all));
      await Promise.all([this.#producer.stop(), this.#producerForOne.stop()]);
      if (!late) return;
    }
    await within(800, all);
  }

  #start(): void {
    while (!this.#stopped) {
      const batch = this.#queue.next();
      if (batch === undefined) return;
      const work = this.#run(batch).finally(() => {
        this.#running.delete(work);
        this.#start();
      });
      this.#running.add(work);
    }
  }

  async #run(batch: LaneBatch): Promise<void> {
    try {
      const { taken, more, whole } = await this.#pass.run(
        batch.lanes,
        batch.alone ? this.#producerForOne : this.#producer,
      );
      this.#queue.succeeded(batch, taken, more);
      if (whole) this.#memory.take(taken.filter((lane) => this.#queue.isQuiet(lane)));
    } catch (error) {
      this.#queue.failed(batch);
      this.#again(batch.lanes, error);
    }
  }

  #again(lanes: readonly number[], error: unknown): void {
    const reason = error instanceof MessagingError ? error.code : asError(error).name;
    this.#options.log.warn('relay.again', { lanes: lanes.join(' '), reason });
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.kick(...lanes);
    }, againMs);
    this.#timers.add(timer);
  }

  async #poll(): Promise<void> {
    const { pool, schema, log } = this.#options;
    try {
      const { rows } = await pool.query<{ id: number; seq: string }>(
        `select l.id, o.seq from "${schema}".lane l cross join lateral (
          select seq from "${schema}".outbox where lane = l.id and stuck_reason is null order by seq limit 1) o`,
      );
      const before = this.#first ? undefined : this.#seen;
      this.#first = false;
      this.#seen = new Map(rows.map(({ id, seq }) => [id, seq]));
      // What was not there at the last poll is on its way, mostly: from memory, here or in another process.
      const stay = rows.filter(
        ({ id, seq }) => (before === undefined || before.get(id) === seq) && !this.#memory.carries(id),
      );
      if (stay.length > 0) this.kick(...stay.map(({ id }) => id));
    } catch (error) {
      log.debug('relay.poll', { reason: asError(error).name });
    } finally {
      this.#polling = undefined;
    }
  }

  async #count(condition: string): Promise<number> {
    const { pool, schema } = this.#options;
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::int as n from "${schema}".outbox where ${condition}`,
    );
    return rows[0]?.n ?? 0;
  }
}
