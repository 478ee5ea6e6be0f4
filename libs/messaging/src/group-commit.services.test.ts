import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../deploy/embedded/port.ts';
import { startFlakyProxy } from '../../../test/services/flaky-proxy.ts';
import { testServices, topicPrefix } from '../../../test/services/services.ts';
import { startSpareKafka } from '../../../test/services/spare.ts';
import { GroupCommitProducer, connectKafka, ensureTopics, silentLog } from './index.ts';
import type { KafkaPort, OutRecord } from './index.ts';
import { partitionOf } from './partition-book.ts';
import { eventually } from '../../../test/hub/until.ts';
import { readAll } from './testing/reading.ts';

let kafka: KafkaPort;
let producer: GroupCommitProducer;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(() => {
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
  producer = new GroupCommitProducer({ kafka, log: silentLog });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
  await producer.stop();
  await kafka.close();
});

async function newTopic(partitions: number, configs: Record<string, string> = {}, port = kafka): Promise<string> {
  const name = `${topicPrefix('commit')}t`;
  await ensureTopics(port, [{ name, partitions, replicationFactor: 1, configs }]);
  return name;
}

const record = (topic: string, n: number, value = `value ${n}`): OutRecord => ({
  topic,
  key: `key ${n}`,
  id: `id-${n}`,
  kind: 'test',
  schemaVersion: 1,
  traceparent: '',
  value,
});

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const codes = (results: PromiseSettledResult<unknown>[]): unknown[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { code?: string }).code] : []));

describe('the group commit', () => {
  it('acknowledges each record with the place where it lies and the broker’s append time', async () => {
    const topic = await newTopic(6, { 'message.timestamp.type': 'LogAppendTime' });
    const before = Date.now() - 1000;
    const acks = await Promise.all(range(500).map((n) => producer.send(record(topic, n))));
    const read = new Map((await readAll(kafka, topic)).map((each) => [each.id, each]));
    for (const n of range(500)) {
      const { partition, offset, timestamp } = read.get(`id-${n}`)!;
      expect(acks[n]).toEqual({ topic, partition, offset, timestamp });
      expect(partition).toBe(partitionOf(`key ${n}`, 6));
      expect(timestamp).toBeGreaterThan(before);
    }
    expect(producer.pending).toEqual({ records: 0, bytes: 0 });
  });

  it('says -1 where the topic keeps no append time', async () => {
    const topic = await newTopic(1);
    expect((await producer.send(record(topic, 1))).timestamp).toBe(-1);
  });

  it('takes far more than one request may hold', async () => {
    const topic = await newTopic(2);
    await Promise.all(range(60).map((n) => producer.send(record(topic, n, 'x'.repeat(200_000)))));
    expect(await readAll(kafka, topic)).toHaveLength(60);
  });

  it.each([
    ['above its own bound', 2_000_000, {}],
    ['above the topic’s limit only', 5000, { 'max.message.bytes': '2000' }],
  ])('lets a record %s fail alone', async (_, size, configs) => {
    const topic = await newTopic(2, configs);
    const results = await Promise.allSettled(
      range(41).map((n) => producer.send(record(topic, n, n === 20 ? 'x'.repeat(size) : 'small'))),
    );
    expect(codes(results)).toEqual(['too-large']);
    expect(results[20]?.status).toBe('rejected');
    expect(new Set((await readAll(kafka, topic)).map(({ id }) => id)).size).toBe(40);
  });

  it('refuses a record for a topic that is not there, and only that', async () => {
    const topic = await newTopic(1);
    const results = await Promise.allSettled([
      producer.send(record(`${topic}-missing`, 1)),
      producer.send(record(topic, 2)),
    ]);
    expect(codes(results)).toEqual(['refused']);
  });

  it('keeps the order of a list of any length', async () => {
    const topic = await newTopic(1);
    await producer.sendAll(range(5000).map((n) => record(topic, n)));
    expect((await readAll(kafka, topic)).map(({ id }) => id)).toEqual(range(5000).map((n) => `id-${n}`));
  });

  it('sends what waits when it is stopped, and takes nothing afterwards', async () => {
    const topic = await newTopic(1);
    const other = new GroupCommitProducer({ kafka, log: silentLog });
    await other.send(record(topic, 0));
    const waiting = range(50).map((n) => other.send(record(topic, n)));
    await other.stop();
    await Promise.all(waiting);
    await expect(other.send(record(topic, 1))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the group commit, with Kafka in trouble', () => {
  it('rejects in time while Kafka is stopped, dead or frozen, and recovers by itself', async () => {
    const spare = await startSpareKafka();
    cleanups.push(() => spare.stop());
    const port = connectKafka({ brokers: spare.brokers, clientId: 'test', log: silentLog });
    cleanups.push(() => port.close());
    const topic = await newTopic(1, {}, port);
    const sender = new GroupCommitProducer({ kafka: port, log: silentLog, deadlineMs: 1500 });
    cleanups.push(() => sender.stop());
    await sender.send(record(topic, 0));
    const troubles: { hurt: () => unknown; heal: () => unknown }[] = [
      {
        hurt: () => {
          spare.pause();
        },
        heal: () => {
          spare.resume();
        },
      },
      { hurt: () => spare.kill(), heal: () => spare.restart() },
    ];
    for (const { hurt, heal } of troubles) {
      await Promise.resolve(hurt());
      // A process that is sent SIGSTOP may still answer what reaches it before it stands still.
      await eventually(() => expect(sender.send(record(topic, 98))).rejects.toMatchObject({ code: 'unavailable' }));
      const began = Date.now();
      const results = await Promise.allSettled(range(20).map((n) => sender.send(record(topic, n))));
      expect(codes(results)).toEqual(range(20).map(() => 'unavailable'));
      expect(Date.now() - began).toBeLessThan(15_000);
      await Promise.resolve(heal());
      await eventually(() => sender.send(record(topic, 99)));
    }
  });

  it('stops within 5 s while Kafka is frozen', async () => {
    const spare = await startSpareKafka();
    cleanups.push(() => spare.stop());
    const port = connectKafka({ brokers: spare.brokers, clientId: 'test', log: silentLog });
    const topic = await newTopic(1, {}, port);
    const sender = new GroupCommitProducer({ kafka: port, log: silentLog, deadlineMs: 60_000 });
    await sender.send(record(topic, 0));
    const other = new GroupCommitProducer({ kafka: port, log: silentLog, deadlineMs: 500 });
    cleanups.push(() => other.stop());
    await other.send(record(topic, 97));
    spare.pause();
    // A process that is sent SIGSTOP may still answer what reaches it before it stands still.
    await eventually(() => expect(other.send(record(topic, 98))).rejects.toMatchObject({ code: 'unavailable' }));
    const waiting = sender.send(record(topic, 1)).catch((error: unknown) => error);
    const began = Date.now();
    await sender.stop();
    expect(Date.now() - began).toBeLessThan(5000);
    expect(await waiting).toMatchObject({ code: 'unavailable' });
    await port.close();
    spare.resume();
  });

  it('loses nothing acknowledged when replies are lost and connections reset', async () => {
    const [port, advertisedPort] = [await freePort(), await freePort()];
    const proxy = await startFlakyProxy({ targetPort: port, port: advertisedPort, seed: 7, loseReply: 0.05 });
    cleanups.push(() => proxy.stop());
    const spare = await startSpareKafka({ port, advertisedPort });
    cleanups.push(() => spare.stop());
    const through = connectKafka({ brokers: [`127.0.0.1:${advertisedPort}`], clientId: 'test', log: silentLog });
    cleanups.push(() => through.close());
    const topic = await newTopic(3, {}, through);
    const sender = new GroupCommitProducer({ kafka: through, log: silentLog });
    cleanups.push(() => sender.stop());
    const acknowledged: string[] = [];
    proxy.misbehave(true);
    // Waves, so that many requests are hit and not one large one.
    for (let wave = 0; wave < 150; wave++) {
      const records = range(10).map((n) => record(topic, wave * 10 + n));
      const results = await Promise.allSettled(records.map((each) => sender.send(each)));
      results.forEach((result, at) => result.status === 'fulfilled' && acknowledged.push(records[at]!.id));
    }
    proxy.misbehave(false);
    expect(proxy.faults.lostReplies).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThan(1000);
    const there = new Set((await readAll(through, topic)).map(({ id }) => id));
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  });
});
