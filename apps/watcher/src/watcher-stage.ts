import type { Pool } from 'pg';
import type { Instant } from '#libs/domain';
import { atMostTwoSeconds, StageLife } from '#libs/hosting';
import {
  OffsetReader,
  lanesWithNews,
  startBatchConsumer,
  startRelay,
  storedPositions,
  type BatchConsumer,
  type Positions,
  type Relay,
} from '#libs/messaging';
import { createPool, migrate } from '#libs/persistence';
import { rulesInForce } from '#libs/platform';
import { applyBatch, watchedTopics, type Desk } from './apply.ts';
import type { Court } from './judging.ts';
import { MIGRATIONS, SCHEMA } from './migrations/index.ts';
import { setAside } from './poison.ts';
import { SilenceReader } from './silence.ts';
import { StandingReader } from './standing.ts';
import { Timekeeper } from './timekeeper.ts';
import { WAITING } from './time.queries.ts';
import { watcherMetrics, type WatcherMetrics } from './watcher-metrics.ts';
import type { WatcherParts } from './watcher-parts.ts';
import { Watermark } from './watermark.ts';

const TRANSACTIONS_AT_ONCE = 4;
/** Ms: a deviation is in no hurry. */
const GATHER_MILLIS = 100;
const PASSES_AT_ONCE = 2;

interface Running {
  readonly pool: Pool;
  readonly consumer: BatchConsumer;
  readonly relay: Relay;
  readonly timekeeper: Timekeeper;
  readonly standings: StandingReader;
}

/**
 * The watcher (architecture 1, 7): stopped, opening, running. It can be stopped and started at any time, also while Kafka or
 * PostgreSQL is away: it opens when they are there, and everything it knows lies in PostgreSQL.
 */
export class WatcherStage {
  readonly name = 'watcher';
  readonly schema = SCHEMA;
  readonly group: string;
  readonly reads: readonly string[];
  readonly #parts: WatcherParts;
  readonly #metrics: WatcherMetrics;
  readonly #court: Court;
  readonly #life: StageLife<Running>;

  constructor(parts: WatcherParts) {
    const { configuration, county, ids, topics } = parts;
    this.#parts = parts;
    this.#metrics = watcherMetrics(parts.metrics);
    // Groups of several installations on one Kafka are kept apart as their topics are.
    this.group = `${configuration.kafka.topicPrefix}watcher`;
    this.reads = watchedTopics(topics);
    this.#court = {
      law: { directory: county.directory, parameters: rulesInForce(configuration.rules), ids },
      voice: { topics, ids },
      silences: new SilenceReader(),
    };
    this.#life = new StageLife('watcher', () => this.#open(), closeAll, parts.log);
  }

  /** Resolves when it runs, or when the first attempt failed: it then goes on trying. */
  start(): Promise<void> {
    return this.#life.start();
  }

  stop(): Promise<void> {
    return this.#life.stop();
  }

  /** Resolves when it has joined its group; for tests and for readiness. */
  async joined(): Promise<boolean> {
    if (this.#life.isOpen()) await this.#life.running().consumer.ready;
    return this.#life.isOpen();
  }

  /** True once it has opened: its schema, its topics, its consumer and its relay are there. */
  isOpen(): boolean {
    return this.#life.isOpen();
  }

  /** What it has applied. @throws when it is not open, or the database is away */
  positions(): Promise<Positions> {
    return storedPositions(this.pool(), SCHEMA, this.group);
  }

  /**
   * True when everything that can be judged by now has been, and is said. What lies after the last beat cannot be: an
   * outage may be going on. @throws as `positions`
   */
  async spoken(): Promise<boolean> {
    const { timekeeper, relay, pool, standings } = this.#life.running();
    const { knownUntil } = await standings.read(pool);
    const judgeable = Math.min(this.#parts.clock.now(), knownUntil - this.#outageLimit() + this.#pastBeat());
    const { rowCount } = await pool.query(WAITING([]));
    if ((await timekeeper.nextDue(judgeable)) === undefined && rowCount === 0) return relay.idle();
    timekeeper.wake();
    return false;
  }

  /** See `Timekeeper.judgeAt`: for the hub's clock operation. @throws when it is not open, or the database is away */
  judgeAt(instant: Instant): Promise<{ sent: number }> {
    return this.#life.running().timekeeper.judgeAt(instant);
  }

  /** See `Timekeeper.nextDue`. @throws as `judgeAt` */
  nextDue(upTo: Instant): Promise<Instant | undefined> {
    return this.#life.running().timekeeper.nextDue(upTo);
  }

  /** The pool of the running stage. @throws when it is not open */
  pool(): Pool {
    return this.#life.running().pool;
  }

  async #open(): Promise<Running> {
    const { clock, configuration, kafka, log } = this.#parts;
    const { url } = configuration.database;
    await migrate({ url, schema: SCHEMA, migrations: MIGRATIONS });
    const max = TRANSACTIONS_AT_ONCE + PASSES_AT_ONCE + 4;
    const pool = createPool({ url, applicationName: 'bryggan-watcher', schema: SCHEMA, max });
    const relay = startRelay({
      ...{ kafka, pool, log, schema: SCHEMA, passesAtOnce: PASSES_AT_ONCE },
      onStuck: () => this.#metrics.stuck.inc(),
    });
    const standings = new StandingReader(() => clock.now(), this.#outageLimit());
    const timekeeper = this.#timekeeper(pool, relay, standings);
    const consumer = this.#consume(pool, relay, standings, timekeeper);
    timekeeper.start();
    return { pool, relay, standings, timekeeper, consumer };
  }

  #timekeeper(pool: Pool, relay: Relay, standings: StandingReader): Timekeeper {
    const { clock, configuration, kafka, log, topics } = this.#parts;
    const watermark = new Watermark({
      now: () => clock.now(),
      offsets: new OffsetReader(kafka),
      positions: () => storedPositions(pool, SCHEMA, this.group),
      lastBeat: async () => {
        const { knownUntil } = await standings.read(pool);
        return knownUntil === Infinity ? undefined : knownUntil - this.#outageLimit();
      },
      topics,
      translatorGroup: `${configuration.kafka.topicPrefix}translator`,
      pastBeat: this.#pastBeat(),
    });
    return new Timekeeper({
      ...{ pool, standings, watermark, log, court: this.#court, now: () => clock.now() },
      onSaid: (lane, records) => {
        this.#metrics.said.inc({ outcome: 'in-time' }, records);
        relay.kick(lane);
      },
      onRaised: (instant) => this.#metrics.watermark.set(instant / 1000),
    });
  }

  #consume(pool: Pool, relay: Relay, standings: StandingReader, timekeeper: Timekeeper): BatchConsumer {
    const { clock, configuration, kafka, log, topics, fatal } = this.#parts;
    const { outageAfter, outageGrace } = configuration.rules;
    const desk: Desk = {
      ...{ topics, standings, log, court: this.#court, now: () => clock.now(), limits: { outageAfter, outageGrace } },
      onOutage: () => {
        this.#metrics.outages.inc();
        timekeeper.wake();
      },
    };
    return startBatchConsumer({
      ...{ kafka, pool, log, fatal, schema: SCHEMA, group: this.group, topics: this.reads },
      owner: configuration.replica,
      sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis,
      gatherMs: GATHER_MILLIS,
      transactionsAtOnce: TRANSACTIONS_AT_ONCE,
      apply: (tx, records, context) => applyBatch(tx, records, context, desk),
      onPoison: async (tx, record, _error, context) => {
        const { topic, partition, offset } = record;
        log.error('record-set-aside', { topic, partition, offset });
        await setAside(tx, [record], 'poison-record', clock.now());
        context.afterCommit(() => this.#metrics.records.inc({ outcome: 'poison' }));
      },
      onApplied: (applied) => {
        for (const { applied: records, appended } of applied) {
          this.#metrics.records.inc({ outcome: 'applied' }, records);
          this.#metrics.said.inc({ outcome: 'by-message' }, appended);
        }
        relay.kick(...lanesWithNews(applied));
      },
    });
  }

  #outageLimit(): number {
    return this.#parts.configuration.rules.outageAfter;
  }

  /**
   * How far past the last beat W may go: as long as a silence is none, and no further than the grace before an absence is
   * said, so that every deadline that is said lies before the last beat.
   */
  #pastBeat(): number {
    const { outageAfter, deviationGrace } = this.#parts.configuration.rules;
    return Math.min(outageAfter, deviationGrace);
  }
}

async function closeAll({ consumer, timekeeper, relay, pool }: Running): Promise<void> {
  await Promise.all([consumer.stop(), atMostTwoSeconds(timekeeper.stop())]);
  await relay.stop();
  await atMostTwoSeconds(pool.end());
}
