import type { Pool } from 'pg';
import { atMostTwoSeconds, StageLife } from '#libs/hosting';
import {
  lanesWithNews,
  startBatchConsumer,
  startRelay,
  storedPositions,
  type BatchConsumer,
  type BatchContext,
  type GarbledRecord,
  type InRecord,
  type Positions,
  type Relay,
} from '#libs/messaging';
import { createPool, migrate, type Tx } from '#libs/persistence';
import { rulesInForce } from '#libs/platform';
import { applyEvents } from './apply-events.ts';
import { faultOf, poisonRecord } from './poison-record.ts';
import { routerMetrics, type RouterMetrics } from './router-metrics.ts';
import type { RouterParts } from './router-parts.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';
import type { RoutingRules } from './routing-rules.ts';

const TRANSACTIONS_AT_ONCE = 4;
const PASSES_AT_ONCE = 2;

interface Running {
  readonly pool: Pool;
  readonly consumer: BatchConsumer;
  readonly relay: Relay;
}

/**
 * The router (architecture 1): stopped, opening, running. It can be stopped and started at any time, also while Kafka or
 * PostgreSQL is away: it opens when they are there, and everything it knows lies in PostgreSQL.
 */
export class RouterStage {
  readonly name = 'router';
  readonly schema = ROUTER_SCHEMA;
  readonly group: string;
  readonly reads: readonly string[];
  readonly rules: RoutingRules;
  readonly #parts: RouterParts;
  readonly #metrics: RouterMetrics;
  readonly #life: StageLife<Running>;

  constructor(parts: RouterParts) {
    const { configuration, clock, county, ids, topics } = parts;
    this.#parts = parts;
    this.#metrics = routerMetrics(parts.metrics);
    // Groups of several installations on one Kafka are kept apart as their topics are.
    this.group = `${configuration.kafka.topicPrefix}router`;
    this.reads = [topics.events];
    this.rules = { ids, county, topics, parameters: rulesInForce(configuration.rules), now: () => clock.now() };
    this.#life = new StageLife('router', () => this.#open(), closeAll, parts.log);
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

  /** True once it has opened: its schema, its consumer and its relay are there. */
  isOpen(): boolean {
    return this.#life.isOpen();
  }

  /** What it has applied. @throws when it is not open, or the database is away */
  positions(): Promise<Positions> {
    return storedPositions(this.pool(), ROUTER_SCHEMA, this.group);
  }

  /** True when nothing that it has to say waits in the outbox. @throws as `positions` */
  spoken(): Promise<boolean> {
    return this.#life.running().relay.idle();
  }

  /** The pool of the running stage. @throws when it is not open */
  pool(): Pool {
    return this.#life.running().pool;
  }

  async #open(): Promise<Running> {
    const { configuration, kafka, log } = this.#parts;
    const { url } = configuration.database;
    await migrate({ url, schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS });
    // PostgreSQL keeps 63 characters: enough to tell one replica's sessions from another's.
    const applicationName = `bryggan-router ${configuration.replica}`.slice(0, 63);
    const max = TRANSACTIONS_AT_ONCE + PASSES_AT_ONCE + 2;
    const pool = createPool({ url, applicationName, schema: ROUTER_SCHEMA, max });
    const relay = startRelay({
      ...{ kafka, pool, log, schema: ROUTER_SCHEMA, passesAtOnce: PASSES_AT_ONCE },
      onStuck: () => this.#metrics.stuck.inc(),
    });
    return { pool, relay, consumer: this.#consume(pool, relay) };
  }

  #consume(pool: Pool, relay: Relay): BatchConsumer {
    const { configuration, kafka, log, fatal } = this.#parts;
    return startBatchConsumer({
      ...{ kafka, pool, log, fatal, schema: ROUTER_SCHEMA, group: this.group, topics: this.reads },
      owner: configuration.replica,
      sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis,
      transactionsAtOnce: TRANSACTIONS_AT_ONCE,
      apply: (tx, records, context) => this.#apply(tx, records, context),
      onPoison: (_tx, record, error, context) => this.#setAside(record, error, context),
      onApplied: (applied) => relay.kick(...lanesWithNews(applied)),
    });
  }

  async #apply(tx: Tx, records: readonly InRecord[], context: BatchContext): Promise<void> {
    const { applied, duplicates, said } = await applyEvents(tx, records, this.rules);
    for (const { because, records: out } of said) context.say(out, because);
    context.afterCommit(() => {
      if (applied > 0) this.#metrics.events.inc({ outcome: 'applied' }, applied);
      if (duplicates > 0) this.#metrics.events.inc({ outcome: 'duplicate' }, duplicates);
      for (const { kind } of said.flatMap((one) => one.records)) this.#metrics.said.inc({ kind });
    });
  }

  #setAside(record: InRecord | GarbledRecord, error: Error, context: BatchContext): Promise<void> {
    const { clock, ids, log, topics } = this.#parts;
    const rejected = poisonRecord(record, error, { topic: topics.rejected, ids, now: clock.now() });
    context.say([rejected], record);
    context.afterCommit(() => {
      this.#metrics.events.inc({ outcome: 'rejected' });
      const { partition, offset } = record;
      log.error('event-rejected', { rejection: rejected.id, partition, offset, code: faultOf(record, error).code });
    });
    return Promise.resolve();
  }
}

async function closeAll({ consumer, relay, pool }: Running): Promise<void> {
  await consumer.stop();
  await relay.stop();
  await atMostTwoSeconds(pool.end());
}
