import { afterEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import pg from 'pg';
import { connectKafka, ensureTopics, silentLog } from '#libs/messaging';
import { freePort } from '../../deploy/embedded/port.ts';
import { startFlakyProxy } from '../services/flaky-proxy.ts';
import { startSpareKafka, startSparePostgres } from '../services/spare.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const later = <T extends { stop(): Promise<void> }>(part: T): T => {
  cleanups.push(() => part.stop());
  return part;
};

async function query(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000, query_timeout: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A client that gives up at once, so that each send is one attempt. */
const clientOf = (brokers: string[]): Kafka =>
  new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    requestTimeout: 2_000,
    connectionTimeout: 1_000,
    retry: { retries: 0 },
  });

async function makeTopic(brokers: string[], topic: string): Promise<void> {
  const kafka = connectKafka({ brokers, clientId: 'spare-test', log: silentLog });
  await ensureTopics(kafka, [{ name: topic, partitions: 1, replicationFactor: 1, configs: {} }]);
  await kafka.close();
}

async function recordsOn(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return Number(offsets[0]!.high);
}

async function acknowledgedOf(producer: Producer, topic: string, count: number): Promise<number> {
  let acknowledged = 0;
  for (let n = 0; n < count; n += 1) {
    try {
      await producer.send({ topic, acks: -1, messages: [{ value: `${n}` }] });
      acknowledged += 1;
    } catch {
      await producer.connect().catch(() => undefined);
    }
  }
  return acknowledged;
}

describe('a spare PostgreSQL', () => {
  it('keeps what was committed over a kill -9, and goes on after a pause', async () => {
    const postgres = later(await startSparePostgres());
    await query(postgres.url, 'create table kept as select 7 as n');
    const first = postgres.pid();
    await postgres.kill();
    await expect(query(postgres.url, 'select n from kept')).rejects.toThrow();
    await postgres.restart();
    expect(postgres.pid()).not.toBe(first);
    postgres.pause();
    await expect(query(postgres.url, 'select n from kept')).rejects.toThrow();
    postgres.resume();
    expect(await query(postgres.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });
});

describe('a spare Kafka behind a flaky proxy', () => {
  it('loses no acknowledged record over lost replies and a kill -9', async () => {
    const targetPort = await freePort();
    const proxy = later(
      await startFlakyProxy({ targetPort, seed: 42, loseReply: 0.2, loseRequest: 0.1, delayMs: 2, apiKeys: [0] }),
    );
    const spare = later(await startSpareKafka({ port: targetPort, advertisedPort: proxy.port }));
    const kafka = clientOf([`127.0.0.1:${proxy.port}`]);
    await makeTopic([`127.0.0.1:${proxy.port}`], 'flaky');
    const producer = kafka.producer({ idempotent: false });
    await producer.connect();
    proxy.misbehave(true);
    const acknowledged = await acknowledgedOf(producer, 'flaky', 100);
    proxy.misbehave(false);
    await producer.disconnect();
    await spare.kill();
    await spare.restart();

    expect(proxy.faults.lostReplies).toBeGreaterThan(5);
    expect(proxy.faults.lostRequests).toBeGreaterThan(2);
    const kept = await recordsOn(kafka, 'flaky');
    expect(acknowledged).toBeLessThan(100);
    // A lost reply is a record that is there and was not acknowledged.
    expect(kept).toBe(acknowledged + proxy.faults.lostReplies);
  });

  it('is not to be reached while the proxy is down', async () => {
    const targetPort = await freePort();
    const proxy = later(await startFlakyProxy({ targetPort, seed: 1 }));
    later(await startSpareKafka({ port: targetPort, advertisedPort: proxy.port }));
    const kafka = clientOf([`127.0.0.1:${proxy.port}`]);
    await makeTopic([`127.0.0.1:${proxy.port}`], 'unreached');
    proxy.reachable(false);
    await expect(recordsOn(kafka, 'unreached')).rejects.toThrow();
    proxy.reachable(true);
    expect(await recordsOn(kafka, 'unreached')).toBe(0);
  });
});
