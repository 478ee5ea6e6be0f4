import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Applied } from './index.ts';
import { CounterOnServices, numbers, record, sumTo } from './testing/counter-on-services.ts';
import { eventually } from '../../../test/hub/until.ts';
import { readAll } from './testing/reading.ts';

let counter: CounterOnServices;

beforeAll(async () => {
  counter = await CounterOnServices.open();
});
afterEach(() => counter.clear());
afterAll(() => counter.close());

describe('a batch consumer', () => {
  it('drops late copies by lane and seq, per lane', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    const marked = (lane: string, seq: number) => ({ ...record(topic, seq), lane, seq });
    const block = [marked('a:1', 1), marked('a:1', 2), marked('b:1', 1), marked('a:1', 3)];
    await counter.producer.sendAll([...block, ...block.slice(0, 3), marked('a:1', 4), ...block]);
    const seen: Applied[] = [];
    counter.count({ topics: [topic], group: topic, onApplied: (applied) => seen.push(...applied) });
    await eventually(async () => expect(await counter.totals()).toEqual({ sum: 1 + 2 + 1 + 3 + 4, n: 5 }));
    expect(seen.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(7);
  });

  it('hands exactly the culprits to onPoison and applies their neighbours', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.sendAll([
      ...numbers(topic, 0, 20),
      record(topic, 500, { value: 'no json' }),
      ...numbers(topic, 20, 40),
      record(topic, 501, { value: '{"n":"no number"}' }),
      record(topic, 502, { kind: '' }),
      ...numbers(topic, 40, 50),
    ]);
    counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect(await counter.totals()).toEqual(sumTo(50)));
    expect(await counter.poisoned()).toEqual(['id-500', 'id-501', 'id-502']);
  });

  it.each(['before', 'after'])('does nothing twice when the connection breaks %s apply', async (when) => {
    const [topic, out] = (await counter.newTopics(3, 1)) as [string, string];
    await counter.producer.sendAll(numbers(topic, 0, 300));
    let breaks = 5;
    const sending = counter.relay();
    const kill = async (tx: { query(text: string): Promise<unknown> }) => {
      if (breaks-- > 0) await tx.query('select pg_terminate_backend(pg_backend_pid())');
    };
    counter.count({
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
    await eventually(async () => expect(await counter.totals()).toEqual(sumTo(300)));
    await eventually(async () => expect(await sending.idle()).toBe(true));
    const published = await readAll(counter.kafka, out);
    expect(new Set(published.map(({ id }) => id)).size).toBe(300);
    expect(published).toHaveLength(300);
  });

  it('survives a deadlock by running the whole batch again', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    let runs = 0;
    counter.count({
      topics: [topic],
      group: topic,
      apply: async (tx) => {
        runs += 1;
        if (runs < 3) await tx.query(`do $$ begin raise exception using errcode = '40P01'; end $$`);
        await tx.query(`insert into total values ('x', 1, 1)`);
      },
    });
    await counter.producer.send(record(topic, 1));
    await eventually(async () => expect(await counter.totals()).toEqual({ sum: 1, n: 1 }));
    expect(runs).toBe(3);
  });

  it('gets through in small portions what takes too long at once', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.sendAll(numbers(topic, 0, 60));
    let longest = 0;
    counter.count({
      topics: [topic],
      group: topic,
      apply: async (tx, records) => {
        longest = Math.max(longest, records.length);
        if (records.length > 9) await tx.query(`do $$ begin raise exception using errcode = '25P03'; end $$`);
        await tx.query(`insert into total values ($1, 1, $2)`, [records[0]?.id, records.length]);
      },
    });
    await eventually(async () => expect(await counter.totals()).toMatchObject({ n: 60 }), 20_000);
    expect(longest).toBeGreaterThan(9);
  });

  it('gathers what comes soon after something came', async () => {
    const [topic] = (await counter.newTopics(3)) as [string];
    const batches: number[] = [];
    const consumer = counter.count({
      ...{ topics: [topic], group: topic, gatherMs: 400 },
      apply: async (tx, records) => {
        await tx.query(`insert into total values ($1, 1, $2)`, [records[0]?.id, records.length]);
        batches.push(records.length);
      },
    });
    await consumer.ready;
    const begin = performance.now();
    for (let n = 0; n < 60; n++) await counter.producer.send(record(topic, n));
    await eventually(async () => expect((await counter.totals()).n).toBe(60));
    expect(batches.length).toBeLessThanOrEqual(2 + (performance.now() - begin) / 400);
  });

  it('takes all partitions of a fetch in one transaction, each with its own position and lane', async () => {
    const topics = (await counter.newTopics(...Array.from({ length: 12 }, () => 1))) as [string, ...string[]];
    const [, out] = (await counter.newTopics(1, 1)) as [string, string];
    for (const topic of topics) await counter.producer.sendAll(numbers(topic, 0, 10));
    const seen: Applied[][] = [];
    const consumer = counter.count({
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
    await eventually(async () => expect((await counter.totals()).n).toBe(120));
    expect(seen.length).toBeLessThan(6);
    expect(seen.flat().map(({ topic, appended }) => [topic, appended])).toEqual(
      expect.arrayContaining(topics.map((topic) => [topic, 10])),
    );
    const { rows } = await counter.pool.query<{ lane: number; ids: string[] }>(
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
    const [sound, ahead, poisoned, unsayable] = (await counter.newTopics(1, 1, 1, 1)) as [
      string,
      string,
      string,
      string,
    ];
    for (const topic of [sound, ahead, poisoned, unsayable]) await counter.producer.sendAll(numbers(topic, 0, 20));
    await counter.producer.send(record(poisoned, 500, { value: 'no json' }));
    await counter.producer.send(record(unsayable, 501, { value: '{"n":501}' }));
    for (const topic of [sound, ahead, poisoned, unsayable]) await counter.producer.sendAll(numbers(topic, 20, 40));
    // Kafka was told too much of one of them: it is sent back while the others go on.
    await counter.kafka.admin((admin) =>
      admin.setOffsets({ groupId: sound, topic: ahead, partitions: [{ partition: 0, offset: '30' }] }),
    );
    counter.count({
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
    await eventually(async () => expect(await counter.totals()).toEqual({ sum: 4 * whole.sum, n: 4 * whole.n }));
    expect(await counter.poisoned()).toEqual(['id-500', 'id-501']);
  });

  it('tries alone what failed together, until it goes', async () => {
    const [good, bad] = (await counter.newTopics(1, 1)) as [string, string];
    let broken = true;
    for (const topic of [good, bad]) await counter.producer.sendAll(numbers(topic, 0, 30));
    counter.count({
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
    await eventually(async () => expect(await counter.totals()).toMatchObject({ n: 30 }));
    broken = false;
    await eventually(async () => expect(await counter.totals()).toMatchObject({ n: 60 }), 30_000);
    expect(await counter.poisoned()).toEqual([]);
  });

  it('takes further topics while it runs', async () => {
    const [one, two] = (await counter.newTopics(1, 1)) as [string, string];
    const consumer = counter.count({ topics: [one], group: one });
    await counter.producer.send(record(one, 1));
    await eventually(async () => expect((await counter.totals()).n).toBe(1));
    await counter.producer.send(record(two, 2));
    await consumer.addTopics([one, two]);
    await counter.producer.send(record(one, 3));
    await eventually(async () => expect(await counter.totals()).toEqual({ sum: 6, n: 3 }));
  });

  it('shares partitions with a second member and hands them over when one stops', async () => {
    const [topic] = (await counter.newTopics(6)) as [string];
    const first = counter.count({ topics: [topic], group: topic });
    await first.ready;
    const second = counter.count({ topics: [topic], group: topic });
    await counter.producer.sendAll(numbers(topic, 0, 1000));
    await second.ready;
    await counter.producer.sendAll(numbers(topic, 1000, 2000));
    await first.stop();
    await counter.producer.sendAll(numbers(topic, 2000, 3000));
    await eventually(async () => expect(await counter.totals()).toEqual(sumTo(3000)));
  });

  it('stops within 5 s while its transaction hangs', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.send(record(topic, 1));
    let entered = false;
    const consumer = counter.count({
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
