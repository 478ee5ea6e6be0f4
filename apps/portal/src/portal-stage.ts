import type { Pool } from 'pg';
import { startBatchConsumer, type BatchConsumer, type InRecord } from '#libs/messaging';
import { createPool, migrate, type Tx } from '#libs/persistence';
import { errorFields } from '#libs/platform';
import { localDate } from '#libs/domain';
import { publicDirectory } from './fhir-api/public-directory.ts';
import { hubView } from './hub-view/hub-view.ts';
import { HUB_MIGRATIONS, HUB_SCHEMA } from './hub-view/schema.ts';
import { partyView } from './party-view/party-view.ts';
import { PARTY_MIGRATIONS, PARTY_SCHEMA, PARTY_WRITER } from './party-view/schema.ts';
import { portalGroups, type PortalGroup } from './portal-groups.ts';
import type { PortalParts } from './portal-parts.ts';
import { setAside } from './view/poison.queries.ts';

const RETRY_MILLIS = 1000;
const TRANSACTIONS_AT_ONCE = 4;

type Apply = (tx: Tx, records: readonly InRecord[]) => Promise<void>;

/** Ms: what is shown is in no hurry, and many small transactions cost more than the views are worth. */
const GATHER_MILLIS = 150;

/**
 * Fills the portal's two views.
 *
 *   stopped -> preparing   start: the schemas are brought up to date, again every second while PostgreSQL is away
 *   preparing -> reading   both consumers run; they outlive Kafka and PostgreSQL being away
 *   any -> stopped         stop
 *
 * Reads (fhir-api) do not depend on it: a stopped stage only stops what is new from being seen.
 */
export class PortalStage {
  readonly name = 'portal';
  readonly #parts: PortalParts;
  readonly #groups: ReturnType<typeof portalGroups>;
  #consumers: BatchConsumer[] = [];
  #pools: Pool[] = [];
  #retry: NodeJS.Timeout | undefined;
  /** The start that holds; whatever an earlier one still has under way comes to nothing. */
  #current: object | undefined;

  constructor(parts: PortalParts) {
    this.#parts = parts;
    this.#groups = portalGroups(parts);
  }

  /** True while both views are being filled. */
  isOpen(): boolean {
    return this.#consumers.length > 0;
  }

  /** Resolves when the views are being filled, or, while PostgreSQL is away, when the first try has failed. */
  async start(): Promise<void> {
    if (this.#current !== undefined) return;
    this.#current = {};
    await this.#prepare(this.#current);
  }

  /** At most a few seconds, whatever Kafka and PostgreSQL do. */
  async stop(): Promise<void> {
    this.#current = undefined;
    clearTimeout(this.#retry);
    const consumers = this.#consumers.splice(0);
    const pools = this.#pools.splice(0);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await Promise.all(pools.map((pool) => pool.end()));
  }

  /** Resolves when both groups were joined. For tests and probes. */
  async joined(): Promise<void> {
    await Promise.all(this.#consumers.map(({ ready }) => ready));
  }

  async #prepare(start: object): Promise<void> {
    const { url } = this.#parts.configuration.database;
    try {
      await migrate({ url, schema: PARTY_SCHEMA, migrations: PARTY_MIGRATIONS });
      await migrate({ url, schema: HUB_SCHEMA, migrations: HUB_MIGRATIONS });
      if (this.#current === start) this.#read();
    } catch (error) {
      this.#parts.log.warn('portal-not-prepared', errorFields(error));
      if (this.#current === start) this.#retry = setTimeout(() => void this.#prepare(start), RETRY_MILLIS);
    }
  }

  #read(): void {
    const { clock, county, ids } = this.#parts;
    const { names, party, hub } = this.#groups;
    const directory = publicDirectory(county, localDate(clock.now()));
    this.#consume(party, partyView({ names, clock, isPublic: (id) => directory.has(id) }), PARTY_WRITER);
    this.#consume(hub, hubView({ names, clock, ids }));
  }

  #consume({ group, schema, topics, kind }: PortalGroup, apply: Apply, role?: string): void {
    const { clock, configuration, kafka, log, metrics } = this.#parts;
    const pool = createPool({
      url: configuration.database.url,
      applicationName: group,
      schema,
      max: TRANSACTIONS_AT_ONCE + 1,
      ...(role === undefined ? {} : { role }),
    });
    const poison = metrics.counter('portal_poison_total', 'Records that the portal set aside', ['code']);
    const consumer = startBatchConsumer({
      kafka,
      pool,
      schema,
      group,
      topics,
      owner: configuration.replica,
      log,
      gatherMs: GATHER_MILLIS,
      transactionsAtOnce: TRANSACTIONS_AT_ONCE,
      together: kind,
      sessionTimeoutMs: configuration.kafka.sessionTimeoutMillis,
      apply,
      onPoison: async (tx, record, error) => {
        const code = await setAside(tx, schema, record, error, clock.now());
        const { topic, partition, offset } = record;
        log.error('portal-record-set-aside', { topic, partition, offset, code });
        poison.inc({ code });
      },
      fatal: (error) => this.#parts.fatal?.(this.name, error),
    });
    this.#pools.push(pool);
    this.#consumers.push(consumer);
  }
}
