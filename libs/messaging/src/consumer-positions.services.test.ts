import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog, storedPositions } from './index.ts';
import { CounterOnServices, numbers, record, sumTo } from './testing/counter-on-services.ts';
import { eventually } from '../../../test/hub/until.ts';

let counter: CounterOnServices;

beforeAll(async () => {
  counter = await CounterOnServices.open();
});
afterEach(() => counter.clear());
afterAll(() => counter.close());

describe('the position of a batch consumer', () => {
  it('applies every record once, from the beginning, and moves its position', async () => {
    const [topic] = (await counter.newTopics(6)) as [string];
    await counter.producer.sendAll(numbers(topic, 0, 2000));
    counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect(await counter.totals()).toEqual(sumTo(2000)));
    const positions = await storedPositions(counter.pool, CounterOnServices.schema, topic);
    expect([...(positions.get(topic)?.values() ?? [])].reduce((sum, next) => sum + next, 0n)).toBe(2000n);
  });

  it('goes on where PostgreSQL says, whatever Kafka has been told', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.sendAll(numbers(topic, 0, 100));
    const first = counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect(await counter.totals()).toEqual(sumTo(100)));
    await first.stop();
    await counter.kafka.admin((admin) =>
      admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '0' }] }),
    );
    counter.count({ topics: [topic], group: topic });
    await counter.producer.send(record(topic, 100));
    await eventually(async () => expect(await counter.totals()).toEqual(sumTo(101)));
  });

  it('finds its way back over a gap when Kafka was told too much', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.sendAll(numbers(topic, 0, 50));
    await counter.kafka.admin((admin) =>
      admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '40' }] }),
    );
    counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect(await counter.totals()).toEqual(sumTo(50)));
  });

  it('says fatal when records were deleted before they were applied', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.sendAll(numbers(topic, 0, 10));
    const first = counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect((await counter.totals()).n).toBe(10));
    await first.stop();
    await counter.producer.sendAll(numbers(topic, 10, 30));
    await counter.kafka.admin((admin) =>
      admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '20' }] }),
    );
    const fatal: Error[] = [];
    counter.count({ topics: [topic], group: topic, fatal: (error) => fatal.push(error) });
    await eventually(() =>
      expect(fatal.map(({ message }) => message)).toEqual([expect.stringContaining('records lost')]),
    );
    expect((await counter.totals()).n).toBe(10);
  });

  it('begins where retention left off when it has never read the partition', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.sendAll(numbers(topic, 0, 30));
    await counter.kafka.admin((admin) =>
      admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '20' }] }),
    );
    counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect((await counter.totals()).n).toBe(10));
  });

  it('starts from PostgreSQL when that was put back from an older copy, though nothing new is written', async () => {
    const [topic = ''] = await counter.newTopics(1);
    await counter.producer.sendAll(numbers(topic, 0, 20));
    const first = counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect((await counter.totals()).n).toBe(20));
    await first.stop();
    await counter.pool.query('truncate total');
    await counter.pool.query('update position set next = 5 where topic = $1', [topic]);
    const warned: string[] = [];
    const log = { ...silentLog, warn: (event: string) => warned.push(event) };
    counter.count({ topics: [topic], group: topic, log });
    await eventually(async () => expect((await counter.totals()).n).toBe(15));
    expect(warned).toContain('consumer.catching-up');
  });

  it('says fatal, once, when the topic was made anew and is empty', async () => {
    const [topic = ''] = await counter.newTopics(1);
    const first = counter.count({ topics: [topic], group: topic });
    await first.ready;
    await counter.pool.query(`insert into lane (name) values ('old')`);
    await counter.pool.query(
      `insert into position (grp, topic, part, next, lane, owner) select $1, $1, 0, 7, id, 'old' from lane where name = 'old'`,
      [topic],
    );
    await first.stop();
    const fatal: Error[] = [];
    const again = counter.count({ topics: [topic], group: topic, fatal: (error) => fatal.push(error) });
    await again.ready;
    expect(fatal.map(({ message }) => message)).toEqual([expect.stringContaining('stored 7, end 0')]);
  });

  it('says fatal when the log ends below its position', async () => {
    const [topic] = (await counter.newTopics(1)) as [string];
    await counter.producer.sendAll(numbers(topic, 0, 10));
    const first = counter.count({ topics: [topic], group: topic });
    await eventually(async () => expect((await counter.totals()).n).toBe(10));
    await first.stop();
    await counter.pool.query('update position set next = 1000');
    const fatal: Error[] = [];
    counter.count({ topics: [topic], group: topic, fatal: (error) => fatal.push(error) });
    await counter.producer.send(record(topic, 0));
    await eventually(() => expect(fatal.length).toBeGreaterThan(0));
    expect(fatal[0]?.message).toContain('topic shrunk');
    expect((await counter.totals()).n).toBe(10);
  });
});
