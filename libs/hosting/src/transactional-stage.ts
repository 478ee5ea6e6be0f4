import type { Pool } from 'pg';
import {
  raiseSequence,
  startBatchConsumer,
  startRelay,
  storedPositions,
  within,
  type Applied,
  type BatchConsumer,
  type BatchContext,
  type GarbledRecord,
  type InRecord,
  type KafkaPort,
  type MessagingError,
  type Positions,
  type Relay,
  type TopicNames,
} from '#libs/messaging';
import { createPool, migrate, type PlainMigration, type Tx } from '#libs/persistence';
import type { County } from '#libs/county';
import {
  entryOf,
  fault,
  type Clock,
  type Configuration,
  type Fault,
  type Log,
  type LogFields,
  type Metrics,
} from '#libs/platform';
import { countBatches, IDLE_MS, type Reading, type Beside } from '#libs/service';
import { handled, topicsOf, type TopicPattern } from './batch-pattern.ts';
import { faultOfRecord, putPoison } from './batch-pattern.ts';
import { HandlingStage } from './stage.ts';

/** What every stage with state is given by its main or by the hub. */
export interface TransactionalParts {
  readonly configuration: Pick<Configuration, 'database' | 'kafka' | 'replica'>;
  readonly clock: Clock;
  readonly county: Pick<County, 'partyIds'>;
  /** Shared; who made it closes it. */
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: TopicNames;
  /** The stored position cannot be right: the process has to stop and a person to look (architecture 2.6). */
  readonly fatal: (error: Error) => void;
}

/** A consumer that keeps its position in PostgreSQL: where to look for it, whether or not its stage runs just now. */
export interface StatefulConsumer {
  readonly name: string;
  /** Its consumer group; in a stage's options without the installation's prefix. */
  readonly group: string;
  readonly schema: string;
  /** False for a view: it says nothing, and needs neither outbox nor relay. */
  readonly speaks: boolean;
}

/** What a stage with state is. */
export interface TransactionalOptions extends StatefulConsumer {
  /** The stage of `@BatchPattern(topic, stage)`: it reads what there are handlers for. */
  readonly stage: symbol;
  /** With the tables of `messagingTables` among them. */
  readonly migrations: readonly PlainMigration[];
  /** The database role of its work, when it may see less than who migrates. */
  readonly role?: string;
  readonly transactionsAtOnce: number;
  /** Nobody waits for what it does: under load much of it is done at once. */
  readonly unhurried?: boolean;
  /** Connections beyond those of transactions and relay. */
  readonly connections?: number;
  /** What else is to be done in the transaction that sets a record aside. @returns fields for its line in the log */
  readonly onPoison?: (record: InRecord | GarbledRecord, wrong: Fault, context: BatchContext) => LogFields;
  readonly onApplied?: (applied: readonly Applied[]) => void;
}

/** What a stage works with while it is open. */
export interface OpenParts {
  readonly pool: Pool;
  /** Call after a commit of one's own that appended to a lane. */
  readonly kick: (lane: number) => void;
}

interface Opened extends OpenParts {
  readonly consumer: BatchConsumer;
  readonly relay: Relay | undefined;
  readonly beside: Beside | undefined;
  joined: boolean;
  broken: boolean;
}

const PASSES_AT_ONCE = 2;
/** Some transactions' time: what waits meanwhile goes together, but a record that comes alone does not wait for others. */
const IN_A_HURRY = { gatherMs: 20, gatherWholeAt: 32 };
/** A transaction costs such a stage as much as some ten records: at fifty a second and more it has twenty of them or more in each. */
const UNHURRIED = { gatherMs: 400, gatherWholeAt: 20 };

/**
 * A stage with state (architecture 2.6, 2.7): the records of a batch are applied by the handlers of its controllers, in the
 * one transaction that moves their positions and appends to the outbox; the relay sends what was appended.
 *
 *   stopped -> opening -> open   start: schema, sequence of the outbox, relay, consumer; see StageLife
 *   open    -> ready             its group was joined, and each partition is read from where PostgreSQL says
 *   ready   -> broken            a stored position cannot be right: told once, and only a person can mend it
 *   any     -> stopped           stop
 */
export class TransactionalStage extends HandlingStage<Opened> {
  readonly schema: string;
  /** False for a view: it has no outbox. */
  readonly speaks: boolean;
  /** Groups of several installations on one Kafka are kept apart as their topics are. */
  readonly group: string;
  readonly #parts: TransactionalParts;
  readonly #options: TransactionalOptions;

  constructor(parts: TransactionalParts, options: TransactionalOptions) {
    super(options.name, options.stage, parts.log);
    this.schema = options.schema;
    this.speaks = options.speaks;
    this.group = `${parts.configuration.kafka.topicPrefix}${options.group}`;
    this.#parts = parts;
    this.#options = options;
  }

  override isReady(): boolean {
    return this.isOpen() && this.opened().joined && !this.opened().broken;
  }

  override readings(): readonly Reading[] {
    return [{ stage: this.name, topics: () => this.topicsToRead(), positions: () => this.positions() }];
  }

  protected override topicsToRead(): readonly string[] {
    return [...this.#topics().keys()];
  }

  /** Resolves when it has joined its group; false when it is not open. */
  async joined(): Promise<boolean> {
    if (this.isOpen()) await this.opened().consumer.ready;
    return this.isOpen();
  }

  /** What it has applied. @throws when it is not open, or the database is away */
  positions(): Promise<Positions> {
    return storedPositions(this.pool(), this.schema, this.group);
  }

  /** True when nothing that it has to say waits in the outbox. @throws as `positions` */
  async allSaid(): Promise<boolean> {
    return (await this.opened().relay?.idle()) ?? true;
  }

  /** The pool of the open stage. @throws when it is not open */
  pool(): Pool {
    return this.opened().pool;
  }

  /** What is to work beside the consumer; called at each opening. */
  protected openBeside?(open: OpenParts): Beside;

  protected async openParts(): Promise<Opened> {
    const { configuration } = this.#parts;
    const { migrations, role, speaks, transactionsAtOnce, connections = 2 } = this.#options;
    const { schema } = this;
    const { url } = configuration.database;
    await migrate({ url, schema, migrations });
    const pool = createPool({
      ...{ url, schema, max: transactionsAtOnce + (speaks ? PASSES_AT_ONCE : 0) + connections },
      // PostgreSQL keeps 63 characters: enough to tell one replica's sessions from another's.
      applicationName: `bryggan-${this.name} ${configuration.replica}`.slice(0, 63),
      ...(role !== undefined && { role }),
    });
    try {
      if (speaks) await raiseSequence(pool, schema);
      return this.#startOn(pool);
    } catch (error) {
      await within(2000, pool.end());
      throw error;
    }
  }

  protected async closeParts({ consumer, beside, relay, pool }: Opened): Promise<void> {
    await Promise.all([consumer.stop(), within(2000, Promise.resolve(beside?.stop()))]);
    await relay?.stop();
    // A server that does not answer must not hold a stop: what it was asked for ends with the process at the latest.
    await within(2000, pool.end());
  }

  #startOn(pool: Pool): Opened {
    const { kafka, log, metrics } = this.#parts;
    const { name, schema } = this;
    const stuck = metrics.counter('outbox_stuck_total', 'Rows of an outbox that can never be sent', ['stage']);
    const relay = this.#options.speaks
      ? startRelay({
          ...{ kafka, pool, schema, log, passesAtOnce: PASSES_AT_ONCE },
          onStuck: () => stuck.inc({ stage: name }),
        })
      : undefined;
    const kick = (...lanes: number[]): void => relay?.kick(...lanes);
    const beside = this.openBeside?.({ pool, kick });
    const state = { joined: false, broken: false };
    const consumer = this.#consume(pool, relay, (error) => {
      opened.broken = true;
      this.#broken(error);
    });
    const opened: Opened = Object.assign(state, { pool, kick, relay, beside, consumer });
    void consumer.ready.then(() => {
      opened.joined = true;
      if (this.isOpen() && !opened.broken) log.info('stage.ready', { stage: name, group: this.group });
    });
    return opened;
  }

  #consume(pool: Pool, relay: Relay | undefined, fatal: (error: MessagingError) => void): BatchConsumer {
    const { configuration, kafka, log, metrics } = this.#parts;
    const { transactionsAtOnce, unhurried } = this.#options;
    const patterns = this.#topics();
    const count = countBatches(metrics, this.name);
    return startBatchConsumer({
      ...{ kafka, pool, log, fatal, schema: this.schema, group: this.group, topics: [...patterns.keys()] },
      owner: configuration.replica,
      sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis,
      ...{ transactionsAtOnce, idleMs: IDLE_MS, ...(unhurried ? UNHURRIED : IN_A_HURRY) },
      // A handler is given the records of one pattern: many topics of parties have little on each.
      together: (topic) => patterns.get(topic) ?? topic,
      apply: (tx, records, context) => this.#apply(patterns, tx, records, context),
      onPoison: (tx, record, error, context) => this.#setAside(tx, record, faultOfRecord(record, error), context),
      onApplied: (applied) => {
        relay?.committed(applied);
        count(applied.reduce((sum, each) => sum + each.applied, 0));
        this.#options.onApplied?.(applied);
      },
    });
  }

  /** Each topic that there is a handler for, and its pattern. */
  #topics(): Map<string, TopicPattern> {
    const { county, topics } = this.#parts;
    const patterns = [...this.getHandlers().keys()] as TopicPattern[];
    return new Map(
      patterns.flatMap((pattern) =>
        topicsOf(pattern, topics, county.partyIds()).map((topic): [string, TopicPattern] => [topic, pattern]),
      ),
    );
  }

  async #apply(
    patterns: ReadonlyMap<string, TopicPattern>,
    tx: Tx,
    records: InRecord[],
    context: BatchContext,
  ): Promise<void> {
    const handler = this.getHandlers().get(patterns.get(records[0]?.topic ?? '') ?? '');
    if (!handler) throw new Error('a topic without a handler');
    const setAside = (record: InRecord, wrong: Fault): Promise<void> => this.#setAside(tx, record, wrong, context);
    await handled(handler, records, { ...context, tx, setAside });
  }

  async #setAside(tx: Tx, record: InRecord | GarbledRecord, wrong: Fault, context: BatchContext): Promise<void> {
    const { clock, log, metrics } = this.#parts;
    await putPoison(tx, record, wrong, clock.now());
    const more = this.#options.onPoison?.(record, wrong, context) ?? {};
    const counter = metrics.counter('set_aside_total', 'Records that a stage set aside', ['stage', 'code']);
    context.afterCommit(() => {
      const { topic, partition, offset } = record;
      counter.inc({ stage: this.name, code: wrong.code });
      const where = { stage: this.name, topic, partition, offset, code: wrong.code };
      log.withTrace(record.headers['traceparent']).error('record.set-aside', { ...where, ...more });
    });
  }

  #broken(error: MessagingError): void {
    const { code, remedy } = entryOf(fault(error.code === 'log-truncated' ? 'log-truncated' : 'position-gap'));
    this.#parts.log.error('stage.broken', { stage: this.name, code, reason: error.message, remedy });
    this.#parts.fatal(error);
  }
}
