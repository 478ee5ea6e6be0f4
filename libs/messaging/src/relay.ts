import type { Pool } from 'pg';
import { GroupCommitProducer } from './group-commit.ts';
import type { KafkaPort } from './kafka.ts';
import type { Log } from './log.ts';
import { MessagingError, asError } from './messaging-error.ts';
import { RelayPass } from './relay-pass.ts';
import type { StuckRow } from './relay-pass.ts';
import { within } from './time-limit.ts';

export interface RelayOptions {
  kafka: KafkaPort;
  pool: Pool;
  schema: string;
  log: Log;
  /** One's own when left out; lanes then share its requests. */
  producer?: GroupCommitProducer;
  /** The safety net for what was not kicked. */
  pollMs?: number;
  rowsPerPass?: number;
  /** Each holds a connection of the pool. */
  lanesAtOnce?: number;
  onStuck?(row: StuckRow): void;
}

export interface Relay {
  /** Call right after a commit that appended to the lane. */
  kick(...lanes: number[]): void;
  /** Whether nothing waits to be sent (stuck rows apart). */
  idle(): Promise<boolean>;
  /** How many rows wait for a person. */
  stuck(): Promise<number>;
  /** At most 5 s, whatever Kafka and PostgreSQL do. */
  stop(): Promise<void>;
}

/**
 * The outbox relay (architecture 2.7; parts.md). States of a lane: quiet, dirty (something was committed), running (one pass at a time).
 * quiet -> dirty: a kick, or the poll found a row. dirty -> running: a worker is free. running -> dirty: kicked meanwhile, or the pass was full.
 * running -> quiet: the pass emptied it, or another process has it (its pass, or our poll, takes the rest).
 * Killed between send and delete it sends again: late copies are dropped by lane and seq, or by id.
 */
export function startRelay(options: RelayOptions): Relay {
  return new LaneRunner(options);
}

class LaneRunner implements Relay {
  readonly #options: RelayOptions;
  readonly #producer: GroupCommitProducer;
  readonly #pass: RelayPass;
  readonly #dirty = new Set<number>();
  readonly #running = new Map<number, Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #polling: Promise<void> | undefined;
  #stopped = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#producer = options.producer ?? new GroupCommitProducer({ kafka: options.kafka, log: options.log });
    this.#pass = new RelayPass(options, this.#producer);
    this.#timers.add(setInterval(() => void (this.#polling ??= this.#poll()), options.pollMs ?? 500));
    this.#polling = this.#poll();
  }

  kick(...lanes: number[]): void {
    if (this.#stopped) return;
    for (const lane of lanes) this.#dirty.add(lane);
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
    const all = Promise.all([...this.#running.values(), this.#polling]);
    if (this.#options.producer === undefined) {
      // What is on its way may still arrive; what is rejected here stays in the outbox.
      const late = !(await within(1000, all));
      await this.#producer.stop();
      if (!late) return;
    }
    await within(800, all);
  }

  #start(): void {
    for (const lane of this.#dirty) {
      if (this.#running.size >= (this.#options.lanesAtOnce ?? 4)) return;
      if (this.#running.has(lane)) continue;
      this.#dirty.delete(lane);
      const work = this.#run(lane).finally(() => {
        this.#running.delete(lane);
        if (!this.#stopped) this.#start();
      });
      this.#running.set(lane, work);
    }
  }

  async #run(lane: number): Promise<void> {
    try {
      if (await this.#pass.run(lane)) this.#dirty.add(lane);
    } catch (error) {
      this.#options.log.warn('relay.again', {
        lane,
        reason: error instanceof MessagingError ? error.code : asError(error).name,
      });
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.kick(lane);
      }, 300);
      this.#timers.add(timer);
      if (this.#stopped) clearTimeout(timer);
    }
  }

  async #poll(): Promise<void> {
    const { pool, schema, log } = this.#options;
    try {
      const { rows } = await pool.query<{ id: number }>(
        `select id from "${schema}".lane l where exists (select 1 from "${schema}".outbox o where o.lane = l.id and o.stuck_reason is null)`,
      );
      for (const { id } of rows) this.kick(id);
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
