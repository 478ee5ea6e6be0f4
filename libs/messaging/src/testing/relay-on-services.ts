import { createPool, inTransaction, messagingTables, migrate } from '#libs/persistence';
import {
  connectKafka,
  ensureTopics,
  lockLane,
  Outbox,
  silentLog,
  startRelay,
  type InRecord,
  type KafkaPort,
  type OutRecord,
  type Relay,
  type RelayOptions,
} from '#libs/messaging';
import { expect } from '@jest/globals';
import type { Pool } from 'pg';
import { createTestDatabase, testServices, topicPrefix } from '../../../../test/services/services.ts';
import { dropSeen } from '../position.ts';
import { isGarbled } from '../record.ts';
import { eventually } from '../../../../test/hub/until.ts';
import { readAll } from './reading.ts';

interface Started {
  readonly relay: Relay;
  /** Its connections taken so far: one per pass, and the poll at its start. */
  readonly taken: () => number;
  /** And given back. */
  readonly released: () => number;
  readonly stop: () => Promise<void>;
}

/** An outbox in a database of its own, relays that send what it holds, and what comes of that on Kafka. */
export class RelayOnServices {
  static readonly schema = 'sender';
  readonly url: string;
  readonly pool: Pool;
  readonly kafka: KafkaPort;
  readonly #drop: () => Promise<void>;
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  private constructor(url: string, drop: () => Promise<void>) {
    this.url = url;
    this.#drop = drop;
    this.pool = createPool({ url, applicationName: 'test', schema: RelayOnServices.schema });
    this.kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
  }

  static async open(): Promise<RelayOnServices> {
    const database = await createTestDatabase('relay');
    const { schema } = RelayOnServices;
    await migrate({ url: database.url, schema, migrations: messagingTables(schema) });
    return new RelayOnServices(database.url, () => database.drop());
  }

  /** Something to be stopped after the test. */
  afterTest(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup);
  }

  /** Stops what the test has started, and empties the outbox. */
  async clear(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
    await this.pool.query('truncate outbox, position, lane cascade');
  }

  async close(): Promise<void> {
    await this.kafka.close();
    await this.pool.end();
    await this.#drop();
  }

  async newTopic(partitions: number): Promise<string> {
    const name = `${topicPrefix('relay')}t`;
    await ensureTopics(this.kafka, [{ name, partitions, replicationFactor: 1, configs: {} }]);
    return name;
  }

  /** A relay that polls only at its start, with a pool of its own. */
  start(more: Partial<RelayOptions> = {}): Started {
    const { schema } = RelayOnServices;
    const own = createPool({ url: this.url, applicationName: 'relay', schema });
    let taken = 0;
    let released = 0;
    own.on('acquire', () => {
      taken++;
    });
    own.on('release', () => {
      released++;
    });
    const relay = startRelay({ kafka: this.kafka, pool: own, schema, log: silentLog, pollMs: 3_600_000, ...more });
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= relay.stop().then(() => own.end()));
    this.afterTest(stop);
    return { relay, taken: () => taken, released: () => released, stop };
  }

  /** As `start`, and its poll is over: what is written now is sent by kicks only. */
  async started(more: Partial<RelayOptions> = {}): Promise<Started> {
    const sending = this.start(more);
    await eventually(() => expect(sending.released()).toBe(1));
    return sending;
  }

  async breakConnections(): Promise<void> {
    await this.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'relay' and datname = current_database()`,
    );
  }

  /**
   * @param lane its name
   * @param records the next of it
   * @returns the lane's number, after the commit
   */
  append(lane: string, records: readonly OutRecord[], schema = RelayOnServices.schema): Promise<number> {
    return inTransaction(this.pool, async (tx) => {
      const number = await lockLane(tx, schema, lane);
      await Outbox.append(tx, schema, number, records);
      return number;
    });
  }

  /** How many rows the outbox has that can be sent. */
  async waiting(): Promise<number> {
    const { rows } = await this.pool.query<{ n: number }>(
      'select count(*)::int as n from outbox where stuck_reason is null',
    );
    return rows[0]?.n ?? -1;
  }

  emptied(): Promise<void> {
    return eventually(async () => expect(await this.waiting()).toBe(0), 40_000);
  }

  /**
   * What a reader that drops late copies has got of each lane, having checked that each partition gave it in the order of writing.
   * @returns the numbers per lane, sorted
   */
  async received(topic: string): Promise<Map<string, number[]>> {
    const lanes = new Map<string, number[]>();
    const partitions = Map.groupBy(await readAll(this.kafka, topic), ({ partition }) => partition);
    for (const records of partitions.values()) {
      const fresh = dropSeen(records, {}).fresh.filter((each): each is InRecord => !isGarbled(each));
      const perLane = Map.groupBy(fresh, ({ id }) => id.split('/')[0] ?? '');
      for (const [lane, ofLane] of perLane) {
        const order = ofLane.map(({ id }) => Number(id.split('/')[1]));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        lanes.set(
          lane,
          [...(lanes.get(lane) ?? []), ...order].sort((a, b) => a - b),
        );
      }
    }
    return lanes;
  }
}

/** A record whose id tells its lane and its number in that. */
export const record = (topic: string, lane: string, n: number, value = ''): OutRecord => ({
  topic,
  key: `k${(n * 7) % 11}`,
  id: `${lane}/${n}`,
  kind: 'number',
  schemaVersion: 1,
  traceparent: '',
  value,
});

export const numbers = (topic: string, lane: string, from: number, to: number): OutRecord[] =>
  Array.from({ length: to - from }, (_, at) => record(topic, lane, from + at));

/** Names of so many lanes. */
export const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `lane${at}`);

/** What `received` says when of each lane so many have come. */
export const upTo = (counts: Iterable<readonly [string, number]>): Map<string, number[]> =>
  new Map([...counts].map(([lane, count]) => [lane, Array.from({ length: count }, (_, n) => n)]));
