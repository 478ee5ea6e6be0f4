import { createPool, messagingTables, migrate } from '#libs/persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createTestDatabase, testServices, topicPrefix } from '../services/services.ts';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  isGarbled,
  silentLog,
  type KafkaPort,
} from '../../libs/messaging/src/index.ts';
import { dropSeen } from '../../libs/messaging/src/position.ts';
import { eventually } from '../hub/until.ts';
import { readAll } from '../../libs/messaging/src/testing/reading.ts';

const schema = 'speaker';
const FAULTS = 6;
/** Longer than a session: the partitions of a frozen member go to the other. */
const FROZEN_MS = 4500;
let database: { url: string; drop(): Promise<void> };
let pool: Pool;
let kafka: KafkaPort;
let producer: GroupCommitProducer;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  database = await createTestDatabase('killed');
  await migrate({ url: database.url, schema, migrations: messagingTables(schema) });
  pool = createPool({ url: database.url, applicationName: 'test', schema });
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'test', log: silentLog });
  producer = new GroupCommitProducer({ kafka, log: silentLog, deadlineMs: 60_000 });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await producer.stop();
  await kafka.close();
  await pool.end();
  await database.drop();
});

const lasting = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the members say, to find a fault in it. */
let said = '';

async function member(topic: string, out: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, '../../libs/messaging/src/testing/speaking-member.ts');
  const told = [database.url, testServices().brokers.join(), schema, topic, out];
  const child = spawn(process.execPath, ['--conditions=source', script, ...told], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  let own = '';
  child.stdout.on('data', (data: Buffer) => {
    own += data.toString();
    said += data.toString();
  });
  await eventually(() => expect(own).toContain('joined'), 90_000);
  return child;
}

describe('two members of a group that send from memory what they commit', () => {
  it('lose nothing, and nothing comes before what was committed before it, however they are killed and frozen', async () => {
    const prefix = topicPrefix('killed');
    const [topic, out] = [`${prefix}in`, `${prefix}out`];
    await ensureTopics(
      kafka,
      [topic, out].map((name) => ({ name, partitions: 6, replicationFactor: 1, configs: {} })),
    );
    const members = [await member(topic, out), await member(topic, out)];
    let sent = 0;
    const stop = new AbortController();
    const source = (async () => {
      while (!stop.signal.aborted) {
        const numbers = Array.from({ length: 5 }, () => sent++);
        await producer.sendAll(
          numbers.map((n) => ({
            ...{ topic, key: `k${n % 50}`, id: `${n}`, kind: 'k', schemaVersion: 1, traceparent: '', value: `${n}` },
          })),
        );
        await lasting(10);
      }
    })();
    for (let fault = 0; fault < FAULTS; fault++) {
      await lasting(300 + Math.random() * 1500);
      const victim = members[fault % 2];
      if (fault % 3 === 2) {
        victim?.kill('SIGSTOP');
        await lasting(FROZEN_MS);
        victim?.kill('SIGCONT');
      } else {
        victim?.kill('SIGKILL');
        members[fault % 2] = await member(topic, out);
      }
    }
    stop.abort();
    await source;
    const waiting = async (): Promise<number> =>
      (await pool.query<{ n: number }>('select count(*)::int as n from outbox')).rows[0]?.n ?? -1;
    const applied = async (): Promise<number> =>
      (await pool.query<{ n: number }>('select coalesce(sum(next), 0)::int as n from position')).rows[0]?.n ?? -1;
    await eventually(async () => {
      expect(await applied()).toBeGreaterThanOrEqual(sent);
      expect(await waiting()).toBe(0);
    }, 120_000);
    // What a reader that drops late copies gets, in the order of each lane.
    const partitions = Map.groupBy(await readAll(kafka, out), ({ partition }) => partition);
    const got: string[] = [];
    for (const records of partitions.values()) {
      const fresh = dropSeen(records, {}).fresh.flatMap((record) => (isGarbled(record) ? [] : record));
      got.push(...fresh.map(({ id }) => id));
      for (const ofLane of Map.groupBy(fresh, ({ lane }) => lane).values()) {
        const order = ofLane.map(({ id }) => Number(id));
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    }
    expect(got.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, n) => n));
    expect(said).not.toContain('fatal');
  }, 600_000);
});
