import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testServices, topicPrefix } from '../../../test/services/services.ts';
import {
  GroupCommitProducer,
  MessagingError,
  OffsetReader,
  connectKafka,
  ensureTopics,
  reached,
  silentLog,
  startStatelessConsumer,
} from './index.ts';
import type { InRecord, KafkaPort, OutRecord, StatelessConsumer, StatelessConsumerOptions } from './index.ts';
import { eventually } from '../../../test/hub/until.ts';
import { readAll } from './testing/reading.ts';

let kafka: KafkaPort;
let producer: GroupCommitProducer;
const running: StatelessConsumer[] = [];

beforeAll(() => {
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
  producer = new GroupCommitProducer({ kafka, log: silentLog });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(async () => {
  await producer.stop();
  await kafka.close();
});

const record = (topic: string, n: number): OutRecord => ({
  topic,
  key: `k${n % 5}`,
  id: `id-${n}`,
  kind: 'k',
  schemaVersion: 1,
  traceparent: '',
  value: String(n),
});
const numbers = (topic: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => record(topic, from + at));

async function newTopics(): Promise<{ from: string; to: string; poison: string }> {
  const prefix = topicPrefix('stateless');
  const topics = { from: `${prefix}from`, to: `${prefix}to`, poison: `${prefix}poison` };
  await ensureTopics(
    kafka,
    Object.values(topics).map((name) => ({ name, partitions: 3, replicationFactor: 1, configs: {} })),
  );
  return topics;
}

/** Publishes every record again on another topic. */
function copy(
  topics: { from: string; to: string; poison: string },
  change: Partial<StatelessConsumerOptions> = {},
): StatelessConsumer {
  const consumer = startStatelessConsumer({
    kafka,
    group: topics.from,
    topics: [topics.from],
    log: silentLog,
    handle: async (records) => {
      await producer.sendAll(records.map((each) => ({ ...each, topic: topics.to })));
    },
    onPoison: async (each) => {
      await producer.send({ ...record(topics.poison, 0), id: each.headers['id'] ?? '' });
    },
    ...change,
  });
  running.push(consumer);
  return consumer;
}

const perKey = (records: InRecord[]): Map<string, string[]> => {
  const keys = new Map<string, string[]>();
  for (const { key, id } of records) if (!keys.get(key)?.includes(id)) keys.set(key, [...(keys.get(key) ?? []), id]);
  return keys;
};

describe('a consumer without state', () => {
  it('carries everything on in order per key, over stops and starts, and its commits reach the end', async () => {
    const topics = await newTopics();
    await producer.sendAll(numbers(topics.from, 0, 500));
    const first = copy(topics);
    await eventually(async () => expect((await readAll(kafka, topics.to)).length).toBeGreaterThan(0));
    await first.stop();
    await producer.sendAll(numbers(topics.from, 500, 1000));
    copy(topics);
    const reader = new OffsetReader(kafka);
    await eventually(async () => {
      const ends = await reader.endOffsets([topics.from]);
      expect(reached(await reader.committedOffsets(topics.from, [topics.from]), ends)).toBe(true);
    });
    // What is committed is published: no waiting here.
    expect(perKey(await readAll(kafka, topics.to))).toEqual(perKey(await readAll(kafka, topics.from)));
  });

  it('repeats the batch while publishing is impossible and commits nothing', async () => {
    const topics = await newTopics();
    await producer.sendAll(numbers(topics.from, 0, 20));
    let refuse = true;
    let tries = 0;
    copy(topics, {
      handle: async (records) => {
        tries += 1;
        if (refuse) throw new MessagingError('unavailable', 'test');
        await producer.sendAll(records.map((each) => ({ ...each, topic: topics.to })));
      },
    });
    await eventually(() => expect(tries).toBeGreaterThan(3));
    const committed = await new OffsetReader(kafka).committedOffsets(topics.from, [topics.from]);
    expect([...(committed.get(topics.from)?.values() ?? [])]).toEqual([]);
    refuse = false;
    await eventually(async () => expect(perKey(await readAll(kafka, topics.to)).size).toBe(5));
    expect(await readAll(kafka, topics.poison)).toEqual([]);
  });

  it('hands the culprit to onPoison and carries its neighbours on in order', async () => {
    const topics = await newTopics();
    await producer.sendAll([...numbers(topics.from, 0, 30), { ...record(topics.from, 31), kind: '' }]);
    copy(topics, {
      handle: async (records) => {
        if (records.some(({ id }) => id === 'id-13')) throw new SyntaxError('test');
        await producer.sendAll(records.map((each) => ({ ...each, topic: topics.to })));
      },
    });
    await eventually(async () =>
      expect(new Set((await readAll(kafka, topics.poison)).map(({ id }) => id))).toEqual(new Set(['id-13', 'id-31'])),
    );
    const expected = perKey((await readAll(kafka, topics.from)).filter(({ id }) => id !== 'id-13'));
    await eventually(async () => expect(perKey(await readAll(kafka, topics.to))).toEqual(expected));
  });
});
