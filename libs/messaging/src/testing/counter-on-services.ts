import { createPool, definePlainMigration, messagingTables, migrate } from '#libs/persistence';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  silentLog,
  startBatchConsumer,
  startRelay,
  type BatchConsumer,
  type BatchConsumerOptions,
  type KafkaPort,
  type OutRecord,
  type Relay,
} from '#libs/messaging';
import type { Pool } from 'pg';
import { createTestDatabase, testServices, topicPrefix } from '../../../../test/services/services.ts';

/** Consumers that add up what their topics bring, in a database of its own: any record applied twice or left out shows. */
export class CounterOnServices {
  static readonly schema = 'counter';
  readonly pool: Pool;
  readonly kafka: KafkaPort;
  readonly producer: GroupCommitProducer;
  readonly #drop: () => Promise<void>;
  readonly #running: { stop(): Promise<void> }[] = [];

  private constructor(url: string, drop: () => Promise<void>) {
    this.#drop = drop;
    this.pool = createPool({ url, applicationName: 'test', schema: CounterOnServices.schema, max: 20 });
    this.kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
    this.producer = new GroupCommitProducer({ kafka: this.kafka, log: silentLog });
  }

  static async open(): Promise<CounterOnServices> {
    const database = await createTestDatabase('messaging');
    const { schema } = CounterOnServices;
    const own = definePlainMigration(
      '0001-count',
      'create table total (key text primary key, sum bigint not null, n int not null); create table poison (id text)',
    );
    await migrate({ url: database.url, schema, migrations: [...messagingTables(schema), own] });
    return new CounterOnServices(database.url, () => database.drop());
  }

  /** Stops what the test has started, and forgets what was counted. */
  async clear(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((each) => each.stop()));
    await this.pool.query('truncate total, poison, outbox, position, lane cascade');
  }

  async close(): Promise<void> {
    await this.producer.stop();
    await this.kafka.close();
    await this.pool.end();
    await this.#drop();
  }

  /** @param partitions of each topic */
  async newTopics(...partitions: number[]): Promise<string[]> {
    const prefix = topicPrefix('messaging');
    const names = partitions.map((_, at) => `${prefix}t${at}`);
    await ensureTopics(
      this.kafka,
      names.map((name, at) => ({ name, partitions: partitions[at] ?? 1, replicationFactor: 1, configs: {} })),
    );
    return names;
  }

  /** A consumer that adds up, but for what a test has it do instead. */
  count(options: Partial<BatchConsumerOptions> & { topics: readonly string[]; group: string }): BatchConsumer {
    const consumer = startBatchConsumer({
      kafka: this.kafka,
      pool: this.pool,
      schema: CounterOnServices.schema,
      owner: 'test',
      log: silentLog,
      apply: async (tx, records) => {
        for (const { key, value } of records) {
          const { n } = JSON.parse(value.toString()) as { n: number };
          await tx.query(
            'insert into total values ($1, $2, 1) on conflict (key) do update set sum = total.sum + excluded.sum, n = total.n + 1',
            [key, n],
          );
        }
      },
      onPoison: async (tx, { headers }) => {
        await tx.query('insert into poison values ($1)', [headers['id'] ?? 'none']);
      },
      fatal: () => undefined,
      ...options,
    });
    this.#running.push(consumer);
    return consumer;
  }

  relay(): Relay {
    const { kafka, pool } = this;
    const started = startRelay({ kafka, pool, schema: CounterOnServices.schema, log: silentLog });
    this.#running.push(started);
    return started;
  }

  async totals(): Promise<{ sum: number; n: number }> {
    const { rows } = await this.pool.query<{ sum: number; n: number }>(
      'select coalesce(sum(sum), 0)::int as sum, coalesce(sum(n), 0)::int as n from total',
    );
    return rows[0] ?? { sum: 0, n: 0 };
  }

  /** Ids of what was set aside, in their order. */
  async poisoned(): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>('select id from poison order by id');
    return rows.map(({ id }) => id);
  }
}

export const record = (topic: string, n: number, more: Partial<OutRecord> = {}): OutRecord => ({
  topic,
  key: `k${n % 7}`,
  id: `id-${n}`,
  kind: 'number',
  schemaVersion: 1,
  traceparent: '',
  value: JSON.stringify({ n }),
  ...more,
});

export const numbers = (topic: string, from: number, to: number): OutRecord[] =>
  Array.from({ length: to - from }, (_, at) => record(topic, from + at));

/** What `totals` says when the numbers below `n` have each been counted once. */
export const sumTo = (n: number): { sum: number; n: number } => ({ sum: (n * (n - 1)) / 2, n });
