import type { Pool } from 'pg';
import { atMostTwoSeconds, StageLife } from '#libs/hosting';
import {
  isGarbled,
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
import { fault } from '#libs/platform';
import { applyDeliveries, UnreadableNotice, type DispatchRules } from './apply-deliveries.ts';
import { dispatcherMetrics, type DispatcherMetrics } from './dispatcher-metrics.ts';
import type { DispatcherParts } from './dispatcher-parts.ts';
import { DISPATCHER_MIGRATIONS, DISPATCHER_SCHEMA } from './dispatcher-schema.ts';
import { setAside } from './receipt.queries.ts';
import { SenderFinder } from './sender-finder.ts';

const TRANSACTIONS_AT_ONCE = 2;
/** Ms: a receipt is in no hurry, and a transaction for each notice would cost more than all the rest of its way. */
const GATHER_MILLIS = 100;
const PASSES_AT_ONCE = 2;

interface Running {
  readonly pool: Pool;
  readonly consumer: BatchConsumer;
  readonly relay: Relay;
}

/**
 * The dispatcher (architecture 1): stopped, opening, running. It can be stopped and started at any time, also while Kafka
 * or PostgreSQL is away: it opens when they are there, and everything it knows lies in PostgreSQL.
 */
export class DispatcherStage {
  readonly name = 'dispatcher';
  readonly schema = DISPATCHER_SCHEMA;
  readonly group: string;
  readonly reads: readonly string[];
  readonly #parts: DispatcherParts;
  readonly #rules: DispatchRules;
  readonly #metrics: DispatcherMetrics;
  readonly #life: StageLife<Running>;

  constructor(parts: DispatcherParts) {
    const { configuration, clock, county, ids, metrics, topics } = parts;
    this.#parts = parts;
    this.#metrics = dispatcherMetrics(metrics);
    // Groups of several installations on one Kafka are kept apart as their topics are.
    this.group = `${configuration.kafka.topicPrefix}dispatcher`;
    this.reads = county.partyIds().map((party) => topics.deliveries(party));
    this.#rules = { ids, topics, senders: new SenderFinder(ids, county.senderIds()), now: () => clock.now() };
    this.#life = new StageLife('dispatcher', () => this.#open(), closeAll, parts.log);
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
    return storedPositions(this.pool(), DISPATCHER_SCHEMA, this.group);
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
    await migrate({ url, schema: DISPATCHER_SCHEMA, migrations: DISPATCHER_MIGRATIONS });
    // PostgreSQL keeps 63 characters: enough to tell one replica's sessions from another's.
    const applicationName = `bryggan-dispatcher ${configuration.replica}`.slice(0, 63);
    const max = TRANSACTIONS_AT_ONCE + PASSES_AT_ONCE + 2;
    const pool = createPool({ url, applicationName, schema: DISPATCHER_SCHEMA, max });
    const relay = startRelay({
      ...{ kafka, pool, log, schema: DISPATCHER_SCHEMA, passesAtOnce: PASSES_AT_ONCE },
      onStuck: () => this.#metrics.stuck.inc(),
    });
    return { pool, relay, consumer: this.#consume(pool, relay) };
  }

  #consume(pool: Pool, relay: Relay): BatchConsumer {
    const { configuration, kafka, log, fatal } = this.#parts;
    return startBatchConsumer({
      ...{ kafka, pool, log, fatal, schema: DISPATCHER_SCHEMA, group: this.group, topics: this.reads },
      owner: configuration.replica,
      sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis,
      gatherMs: GATHER_MILLIS,
      transactionsAtOnce: TRANSACTIONS_AT_ONCE,
      // Many topics with little on each.
      together: () => 'deliveries',
      apply: (tx, records, context) => this.#apply(tx, records, context),
      onPoison: (tx, record, error, context) => this.#setAside(tx, record, error, context),
      onApplied: (applied) => relay.kick(...lanesWithNews(applied)),
    });
  }

  async #apply(tx: Tx, records: readonly InRecord[], context: BatchContext): Promise<void> {
    const { taken, duplicates, orphans, answers } = await applyDeliveries(tx, records, this.#rules);
    for (const { to, receipts } of answers) context.say(receipts, to);
    context.afterCommit(() => {
      if (taken > 0) this.#metrics.notices.inc({ outcome: 'taken' }, taken);
      if (duplicates > 0) this.#metrics.notices.inc({ outcome: 'duplicate' }, duplicates);
      for (const [topic, { length: count }] of Map.groupBy(orphans, (record) => record.topic)) {
        this.#metrics.notices.inc({ outcome: 'without-sender' }, count);
        this.#parts.log.error('notices-without-sender', { topic, count });
      }
    });
  }

  async #setAside(tx: Tx, record: InRecord | GarbledRecord, error: Error, context: BatchContext): Promise<void> {
    const { clock, log } = this.#parts;
    const { topic, partition, offset } = record;
    const unreadable = isGarbled(record) || error instanceof SyntaxError || error instanceof UnreadableNotice;
    const { code } = fault(unreadable ? 'undecodable-record' : 'poison-record');
    await setAside(tx, { topic, partition, offset, code, at: clock.now() });
    context.afterCommit(() => {
      this.#metrics.notices.inc({ outcome: 'rejected' });
      log.error('notice-set-aside', { topic, partition, offset, code });
    });
  }
}

async function closeAll({ consumer, relay, pool }: Running): Promise<void> {
  await consumer.stop();
  await relay.stop();
  await atMostTwoSeconds(pool.end());
}
