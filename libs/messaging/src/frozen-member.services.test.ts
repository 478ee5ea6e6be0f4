import { createPool, definePlainMigration, messagingTables, migrate } from '#libs/persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createTestDatabase, testServices, topicPrefix } from '../../../test/services/services.ts';
import { GroupCommitProducer, connectKafka, ensureTopics, silentLog, startBatchConsumer } from './index.ts';
import type { BatchConsumer, KafkaPort } from './index.ts';
import { eventually } from '../../../test/hub/until.ts';

const schema = 'counter';
const root = join(import.meta.dirname, '../../..');
let database: { url: string; drop(): Promise<void> };
let pool: Pool;
let kafka: KafkaPort;
let producer: GroupCommitProducer;
let child: ChildProcess | undefined;
let other: BatchConsumer | undefined;

beforeAll(async () => {
  database = await createTestDatabase('frozen');
  const applied = definePlainMigration('0001-applied', 'create table applied (by text, sum bigint, n int)');
  await migrate({ url: database.url, schema, migrations: [...messagingTables(schema), applied] });
  pool = createPool({ url: database.url, applicationName: 'test', schema });
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
  producer = new GroupCommitProducer({ kafka, log: silentLog });
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await other?.stop();
  await producer.stop();
  await kafka.close();
  await pool.end();
  await database.drop();
});

const total = async () => {
  const { rows } = await pool.query<{ sum: number; n: number; hands: string[] }>(
    'select coalesce(sum(sum), 0)::int as sum, coalesce(sum(n), 0)::int as n, array_agg(distinct by) as hands from applied',
  );
  return rows[0]!;
};

describe('two members of a group, one of them stopped by SIGSTOP inside its transaction', () => {
  it('the other goes on within seconds, and nothing is left out or applied twice when the first wakes', async () => {
    const topic = `${topicPrefix('frozen')}t`;
    await ensureTopics(kafka, [{ name: topic, partitions: 6, replicationFactor: 1, configs: {} }]);
    let expected = 0;
    let sent = 0;
    const send = async (count: number) => {
      const records = Array.from({ length: count }, (_, at) => sent + at);
      await producer.sendAll(
        records.map((n) => ({
          topic,
          key: `k${n % 50}`,
          id: `id-${n}`,
          kind: 'k',
          schemaVersion: 1,
          traceparent: '',
          value: String(n),
        })),
      );
      sent += count;
      expected += records.reduce((sum, n) => sum + n, 0);
    };
    await send(300);

    child = spawn(
      process.execPath,
      [
        '--conditions=source',
        join(import.meta.dirname, 'testing/counting-member.ts'),
        database.url,
        testServices().brokers.join(),
        schema,
        topic,
        topic,
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout?.on('data', (data: Buffer) => (said += data.toString()));
    await eventually(() => expect(said).toContain('inside'));
    child.kill('SIGSTOP');

    other = startBatchConsumer({
      kafka,
      pool,
      schema,
      group: topic,
      topics: [topic],
      owner: 'parent',
      log: silentLog,
      apply: async (tx, records) => {
        const sum = records.reduce((all, { value }) => all + Number(value.toString()), 0);
        await tx.query('insert into applied values ($1, $2, $3)', ['parent', sum, records.length]);
      },
      onPoison: () => Promise.resolve(),
      fatal: (error) => {
        said += `fatal ${error.message}`;
      },
    });
    await send(300);
    await eventually(async () => expect(await total()).toMatchObject({ sum: expected, n: sent }), 30_000);

    child.kill('SIGCONT');
    await send(300);
    await eventually(async () => expect(await total()).toMatchObject({ sum: expected, n: sent }), 30_000);
    // The woken member has had time to do harm: it is back in the group and has applied again.
    const before = said.split('inside').length;
    await eventually(async () => {
      await send(50);
      expect(said.split('inside').length).toBeGreaterThan(before);
    }, 30_000);
    await eventually(
      async () => expect(await total()).toMatchObject({ sum: expected, n: sent, hands: ['child', 'parent'] }),
      30_000,
    );
    expect(said).not.toContain('fatal');
  });
});
