import { createPool, migrate, messagingTables, definePlainMigration } from '#libs/persistence';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createTestDatabase, testServices, topicPrefix } from '../../../test/services/services.ts';
import {
  GroupCommitProducer,
  connectKafka,
  ensureTopics,
  silentLog,
  startBatchConsumer,
  startRelay,
  storedPositions,
} from './index.ts';
import type { Applied, BatchConsumer, BatchConsumerOptions, KafkaPort, OutRecord, Relay } from './index.ts';
import { eventually, readAll } from './testing/reading.ts';

const schema = 'counter';
let database: { url: string; drop(): Promise<void> };
let pool: Pool;
let kafka: KafkaPort;
let producer: GroupCommitProducer;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase('messaging');
  await migrate({
    url: database.url,
    schema,
    migrations: [
      ...messagingTables(schema),
      definePlainMigration(
        '0001-count',
        'create table total (key text primary key, sum bigint not null, n int not null); create table poison (id text)',
      ),
    ],
  });
  pool = createPool({ url: database.url, applicationName: 'test', schema, max: 20 });
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
  producer = new GroupCommitProducer({ kafka, log: silentLog });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await pool.query('truncate total, poison, outbox, position, lane cascade');
});

afterAll(async () => {
  await producer.stop();
  await kafka.close();
  await pool.end();
  await database.drop();
});

async function newTopics(...partitions: number[]): Promise<string[]> {
  const prefix = topicPrefix('messaging');
  const names = partitions.map((_, at) => `${prefix}t${at}`);
  await ensureTopics(
    kafka,
    names.map((name, at) => ({ name, partitions: partitions[at] ?? 1, replicationFactor: 1, configs: {} })),
  );
  return names;
}

const record = (topic: string, n: number, more: Partial<OutRecord> = {}): OutRecord => ({
  topic,
  key: `k${n % 7}`,
  id: `id-${n}`,
  kind: 'number',
  schemaVersion: 1,
  traceparent: '',
  value: JSON.stringify({ n }),
  ...more,
});

const numbers = (topic: string, from: number, to: number): OutRecord[] =>
  Array.from({ length: to - from }, (_, at) => record(topic, from + at));

/** Adds up: any record applied twice or left out shows. */
function count(options: Partial<BatchConsumerOptions> & { topics: readonly string[]; group: string }): BatchConsumer {
  const consumer = startBatchConsumer({
    kafka,
    pool,
    schema,
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
  running.push(consumer);
  return consumer;
}

function relay(): Relay {
  const started = startRelay({ kafka, pool, schema, log: silentLog });
  running.push(started);
  return started;
}

async function totals(): Promise<{ sum: number; n: number }> {
  const { rows } = await pool.query<{ sum: number; n: number }>(
    'select coalesce(sum(sum), 0)::int as sum, coalesce(sum(n), 0)::int as n from total',
  );
  return rows[0] ?? { sum: 0, n: 0 };
}

const sumTo = (n: number): { sum: number; n: number } => ({ sum: (n * (n - 1)) / 2, n });

describe('a batch consumer', () => {
  it('applies every record once, from the beginning, and moves its position', async () => {
    const [topic] = (await newTopics(6)) as [string];
    await producer.sendAll(numbers(topic, 0, 2000));
    count({ topics: [topic], group: topic });
    await eventually(async () => expect(await totals()).toEqual(sumTo(2000)));
    const positions = await storedPositions(pool, schema, topic);
    expect([...(positions.get(topic)?.values() ?? [])].reduce((sum, next) => sum + next, 0n)).toBe(2000n);
  });

  it('goes on where PostgreSQL says, whatever Kafka has been told', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.sendAll(numbers(topic, 0, 100));
    const first = count({ topics: [topic], group: topic });
    await eventually(async () => expect(await totals()).toEqual(sumTo(100)));
    await first.stop();
    await kafka.admin((admin) =>
      admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '0' }] }),
    );
    count({ topics: [topic], group: topic });
    await producer.send(record(topic, 100));
    await eventually(async () => expect(await totals()).toEqual(sumTo(101)));
  });

  it('finds its way back over a gap when Kafka was told too much', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.sendAll(numbers(topic, 0, 50));
    await kafka.admin((admin) =>
      admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '40' }] }),
    );
    count({ topics: [topic], group: topic });
    await eventually(async () => expect(await totals()).toEqual(sumTo(50)));
  });

  it('says fatal when records were deleted before they were applied', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.sendAll(numbers(topic, 0, 10));
    const first = count({ topics: [topic], group: topic });
    await eventually(async () => expect((await totals()).n).toBe(10));
    await first.stop();
    await producer.sendAll(numbers(topic, 10, 30));
    await kafka.admin((admin) => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '20' }] }));
    const fatal: Error[] = [];
    count({ topics: [topic], group: topic, fatal: (error) => fatal.push(error) });
    await eventually(() =>
      expect(fatal.map(({ message }) => message)).toEqual([expect.stringContaining('records lost')]),
    );
    expect((await totals()).n).toBe(10);
  });

  it('begins where retention left off when it has never read the partition', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.sendAll(numbers(topic, 0, 30));
    await kafka.admin((admin) => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '20' }] }));
    count({ topics: [topic], group: topic });
    await eventually(async () => expect((await totals()).n).toBe(10));
  });

  it('starts from PostgreSQL when that was put back from an older copy, though nothing new is written', async () => {
    const [topic = ''] = await newTopics(1);
    await producer.sendAll(numbers(topic, 0, 20));
    const first = count({ topics: [topic], group: topic });
    await eventually(async () => expect((await totals()).n).toBe(20));
    await first.stop();
    await pool.query('truncate total');
    await pool.query('update position set next = 5 where topic = $1', [topic]);
    const warned: string[] = [];
    const log = { ...silentLog, warn: (event: string) => warned.push(event) };
    count({ topics: [topic], group: topic, log });
    await eventually(async () => expect((await totals()).n).toBe(15));
    expect(warned).toContain('consumer.catching-up');
  });

  it('says fatal, once, when the topic was made anew and is empty', async () => {
    const [topic = ''] = await newTopics(1);
    const first = count({ topics: [topic], group: topic });
    await first.ready;
    await pool.query(`insert into lane (name) values ('old')`);
    await pool.query(
      `insert into position (grp, topic, part, next, lane, owner) select $1, $1, 0, 7, id, 'old' from lane where name = 'old'`,
      [topic],
    );
    await first.stop();
    const fatal: Error[] = [];
    const again = count({ topics: [topic], group: topic, fatal: (error) => fatal.push(error) });
    await again.ready;
    expect(fatal.map(({ message }) => message)).toEqual([expect.stringContaining('stored 7, end 0')]);
  });

  it('says fatal when the log ends below its position', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.sendAll(numbers(topic, 0, 10));
    const first = count({ topics: [topic], group: topic });
    await eventually(async () => expect((await totals()).n).toBe(10));
    await first.stop();
    await pool.query('update position set next = 1000');
    const fatal: Error[] = [];
    count({ topics: [topic], group: topic, fatal: (error) => fatal.push(error) });
    await producer.send(record(topic, 0));
    await eventually(() => expect(fatal.length).toBeGreaterThan(0));
    expect(fatal[0]?.message).toContain('topic shrunk');
    expect((await totals()).n).toBe(10);
  });

  it('drops late copies by lane and seq, per lane', async () => {
    const [topic] = (await newTopics(1)) as [string];
    const marked = (lane: string, seq: number) => ({ ...record(topic, seq), lane, seq });
    const block = [marked('a:1', 1), marked('a:1', 2), marked('b:1', 1), marked('a:1', 3)];
    await producer.sendAll([...block, ...block.slice(0, 3), marked('a:1', 4), ...block]);
    const seen: Applied[] = [];
    count({ topics: [topic], group: topic, onApplied: (applied) => seen.push(...applied) });
    await eventually(async () => expect(await totals()).toEqual({ sum: 1 + 2 + 1 + 3 + 4, n: 5 }));
    expect(seen.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(7);
  });

  it('hands exactly the culprits to onPoison and applies their neighbours', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.sendAll([
      ...numbers(topic, 0, 20),
      record(topic, 500, { value: 'no json' }),
      ...numbers(topic, 20, 40),
      record(topic, 501, { value: '{"n":"no number"}' }),
      record(topic, 502, { kind: '' }),
      ...numbers(topic, 40, 50),
    ]);
    count({ topics: [topic], group: topic });
    await eventually(async () => expect(await totals()).toEqual(sumTo(50)));
    const { rows } = await pool.query<{ id: string }>('select id from poison order by id');
    expect(rows.map(({ id }) => id)).toEqual(['id-500', 'id-501', 'id-502']);
  });

  it.each(['before', 'after'])('does nothing twice when the connection breaks %s apply', async (when) => {
    const [topic, out] = (await newTopics(3, 1)) as [string, string];
    await producer.sendAll(numbers(topic, 0, 300));
    let breaks = 5;
    const sending = relay();
    const kill = async (tx: { query(text: string): Promise<unknown> }) => {
      if (breaks-- > 0) await tx.query('select pg_terminate_backend(pg_backend_pid())');
    };
    count({
      topics: [topic],
      group: topic,
      apply: async (tx, records, { say }) => {
        if (when === 'before') await kill(tx);
        for (const { key, value } of records) {
          const { n } = JSON.parse(value.toString()) as { n: number };
          await tx.query(
            'insert into total values ($1, $2, 1) on conflict (key) do update set sum = total.sum + $2, n = total.n + 1',
            [key, n],
          );
        }
        for (const each of records) say([{ ...each, topic: out }], each);
        if (when === 'after') await kill(tx);
      },
      onApplied: (applied) => applied.forEach(({ lane }) => sending.kick(lane)),
    });
    await eventually(async () => expect(await totals()).toEqual(sumTo(300)));
    await eventually(async () => expect(await sending.idle()).toBe(true));
    const published = await readAll(kafka, out);
    expect(new Set(published.map(({ id }) => id)).size).toBe(300);
    expect(published).toHaveLength(300);
  });

  it('survives a deadlock by running the whole batch again', async () => {
    const [topic] = (await newTopics(1)) as [string];
    let runs = 0;
    count({
      topics: [topic],
      group: topic,
      apply: async (tx) => {
        runs += 1;
        if (runs < 3) await tx.query(`do $$ begin raise exception using errcode = '40P01'; end $$`);
        await tx.query(`insert into total values ('x', 1, 1)`);
      },
    });
    await producer.send(record(topic, 1));
    await eventually(async () => expect(await totals()).toEqual({ sum: 1, n: 1 }));
    expect(runs).toBe(3);
  });

  it('gets through in small portions what takes too long at once', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.sendAll(numbers(topic, 0, 60));
    let longest = 0;
    count({
      topics: [topic],
      group: topic,
      apply: async (tx, records) => {
        longest = Math.max(longest, records.length);
        if (records.length > 9) await tx.query(`do $$ begin raise exception using errcode = '25P03'; end $$`);
        await tx.query(`insert into total values ($1, 1, $2)`, [records[0]?.id, records.length]);
      },
    });
    await eventually(async () => expect(await totals()).toMatchObject({ n: 60 }), 20_000);
    expect(longest).toBeGreaterThan(9);
  });

  it('gathers what comes soon after something came', async () => {
    const [topic] = (await newTopics(3)) as [string];
    const batches: number[] = [];
    const consumer = count({
      ...{ topics: [topic], group: topic, gatherMs: 400 },
      apply: async (tx, records) => {
        await tx.query(`insert into total values ($1, 1, $2)`, [records[0]?.id, records.length]);
        batches.push(records.length);
      },
    });
    await consumer.ready;
    const begin = performance.now();
    for (let n = 0; n < 60; n++) await producer.send(record(topic, n));
    await eventually(async () => expect((await totals()).n).toBe(60));
    expect(batches.length).toBeLessThanOrEqual(2 + (performance.now() - begin) / 400);
  });

  it('takes all partitions of a fetch in one transaction, each with its own position and lane', async () => {
    const topics = (await newTopics(...Array.from({ length: 12 }, () => 1))) as [string, ...string[]];
    const [, out] = (await newTopics(1, 1)) as [string, string];
    for (const topic of topics) await producer.sendAll(numbers(topic, 0, 10));
    const seen: Applied[][] = [];
    const consumer = count({
      topics,
      group: topics[0],
      together: () => 'all',
      gatherMs: 200,
      apply: async (tx, records, { say }) => {
        await tx.query(`insert into total values ('x', 0, $1) on conflict (key) do update set n = total.n + $1`, [
          records.length,
        ]);
        for (const each of records) say([{ ...each, topic: out, id: `${each.topic}/${each.id}` }], each);
      },
      onApplied: (applied) => seen.push([...applied]),
    });
    await consumer.ready;
    await eventually(async () => expect((await totals()).n).toBe(120));
    expect(seen.length).toBeLessThan(6);
    expect(seen.flat().map(({ topic, appended }) => [topic, appended])).toEqual(
      expect.arrayContaining(topics.map((topic) => [topic, 10])),
    );
    const { rows } = await pool.query<{ lane: number; ids: string[] }>(
      'select lane, array_agg(id order by seq) as ids from outbox group by lane order by lane',
    );
    const lanes = new Map(seen.flat().map(({ topic, lane }) => [lane, topic]));
    expect(rows).toHaveLength(12);
    for (const { lane, ids } of rows) {
      const topic = lanes.get(lane) ?? '';
      expect(ids).toEqual(numbers(topic, 0, 10).map(({ id }) => `${topic}/${id}`));
    }
  });

  it('lets no partition suffer for another of its fetch: a gap, a culprit, a record that cannot be said', async () => {
    const [sound, ahead, poisoned, unsayable] = (await newTopics(1, 1, 1, 1)) as [string, string, string, string];
    for (const topic of [sound, ahead, poisoned, unsayable]) await producer.sendAll(numbers(topic, 0, 20));
    await producer.send(record(poisoned, 500, { value: 'no json' }));
    await producer.send(record(unsayable, 501, { value: '{"n":501}' }));
    for (const topic of [sound, ahead, poisoned, unsayable]) await producer.sendAll(numbers(topic, 20, 40));
    // Kafka was told too much of one of them: it is sent back while the others go on.
    await kafka.admin((admin) =>
      admin.setOffsets({ groupId: sound, topic: ahead, partitions: [{ partition: 0, offset: '30' }] }),
    );
    count({
      topics: [sound, ahead, poisoned, unsayable],
      group: sound,
      together: () => 'all',
      apply: async (tx, records, { say }) => {
        for (const each of records) {
          const { n } = JSON.parse(each.value.toString()) as { n: number };
          await tx.query(
            'insert into total values ($1, $2, 1) on conflict (key) do update set sum = total.sum + excluded.sum, n = total.n + 1',
            [each.key, n],
          );
          // PostgreSQL takes no such text: the outbox refuses it, and it is this record's fault.
          if (n === 501) say([{ ...each, value: 'a\u0000b' }], each);
        }
      },
    });
    const whole = sumTo(40);
    await eventually(async () => expect(await totals()).toEqual({ sum: 4 * whole.sum, n: 4 * whole.n }));
    const { rows } = await pool.query<{ id: string }>('select id from poison order by id');
    expect(rows.map(({ id }) => id)).toEqual(['id-500', 'id-501']);
  });

  it('tries alone what failed together, until it goes', async () => {
    const [good, bad] = (await newTopics(1, 1)) as [string, string];
    let broken = true;
    for (const topic of [good, bad]) await producer.sendAll(numbers(topic, 0, 30));
    count({
      topics: [good, bad],
      group: good,
      together: () => 'all',
      gatherMs: 100,
      apply: async (tx, records) => {
        // Trouble of the database, as long as a record of that topic is among them: nobody's fault, so nothing is set aside.
        if (broken && records.some(({ topic }) => topic === bad))
          await tx.query(`do $$ begin raise exception using errcode = '25P03'; end $$`);
        await tx.query(`insert into total values ($1, 1, $2) on conflict (key) do update set n = total.n + $2`, [
          records[0]?.topic,
          records.length,
        ]);
      },
    });
    await eventually(async () => expect(await totals()).toMatchObject({ n: 30 }));
    broken = false;
    await eventually(async () => expect(await totals()).toMatchObject({ n: 60 }), 30_000);
    expect((await pool.query('select 1 from poison')).rowCount).toBe(0);
  });

  it('takes further topics while it runs', async () => {
    const [one, two] = (await newTopics(1, 1)) as [string, string];
    const consumer = count({ topics: [one], group: one });
    await producer.send(record(one, 1));
    await eventually(async () => expect((await totals()).n).toBe(1));
    await producer.send(record(two, 2));
    await consumer.addTopics([one, two]);
    await producer.send(record(one, 3));
    await eventually(async () => expect(await totals()).toEqual({ sum: 6, n: 3 }));
  });

  it('shares partitions with a second member and hands them over when one stops', async () => {
    const [topic] = (await newTopics(6)) as [string];
    const first = count({ topics: [topic], group: topic });
    await first.ready;
    const second = count({ topics: [topic], group: topic });
    await producer.sendAll(numbers(topic, 0, 1000));
    await second.ready;
    await producer.sendAll(numbers(topic, 1000, 2000));
    await first.stop();
    await producer.sendAll(numbers(topic, 2000, 3000));
    await eventually(async () => expect(await totals()).toEqual(sumTo(3000)));
  });

  it('stops within 5 s while its transaction hangs', async () => {
    const [topic] = (await newTopics(1)) as [string];
    await producer.send(record(topic, 1));
    let entered = false;
    const consumer = count({
      topics: [topic],
      group: topic,
      apply: async (tx) => {
        entered = true;
        await tx.query('select pg_sleep(7)');
      },
    });
    await eventually(() => expect(entered).toBe(true));
    const began = Date.now();
    await consumer.stop();
    expect(Date.now() - began).toBeLessThan(5000);
  });
});
