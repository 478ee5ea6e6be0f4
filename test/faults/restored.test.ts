import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { HOUR } from '../../apps/simulator/src/county/county-time.ts';
import { consent, need } from '../../apps/simulator/src/messages/ward-message.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { Ward } from '../hub/ward.ts';
import { createTestDatabase, testServices, type TestDatabase } from '../services/services.ts';

/** Monday 4 May 2026, 08:00 in Stockholm. */
const START = Date.parse('2026-05-04T08:00:00+02:00');
let database: TestDatabase;
let hub: TestHub;

beforeAll(async () => {
  database = await createTestDatabase('restored');
  hub = await startTestHub('restored', { clockStart: START, databaseUrl: database.url });
});
afterAll(async () => {
  await hub.dispose();
  await database.drop();
});

async function asAdmin(...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: testServices().adminUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Admissions with a need that concerns the municipality, each over a connection of the moment. @returns their stays */
async function admit(names: readonly string[]): Promise<string[]> {
  const connection = hub.connect();
  const wards = names.map((name) => new Ward(name, { admitted: hub.now - HOUR }));
  for (const ward of wards) {
    const { code } = await connection.send(ward.message('A01', hub.now, { facts: [need(['SOC']), consent('Y')] }));
    expect(code).toBe('AA');
  }
  connection.close();
  await hub.client.settle();
  return wards.map(({ sender, visit }) => hub.stayId(sender, visit));
}

const numbered = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `W${from + n}`);

/** The stays of which a table tells. */
async function stored(table: 'router.event' | 'dispatcher.receipt'): Promise<Set<string>> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ stay_id: string }>(`select distinct stay_id from ${table}`);
    return new Set(rows.map((row) => row.stay_id));
  } finally {
    await client.end();
  }
}

const ready = async (): Promise<{ status: number; checks: Record<string, string> }> => {
  const answer = await fetch(`${hub.http}/health/ready`);
  const { checks } = (await answer.json()) as { checks: Record<string, string> };
  return { status: answer.status, checks };
};

interface Line {
  readonly event: string;
  readonly stage?: string;
  readonly code?: string;
}
const logged = (event: string): Line[] =>
  readFileSync(hub.logFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event === event);

describe('a hub whose PostgreSQL is put back from an older copy', () => {
  it('catches up from where PostgreSQL stands, says so, and tells what is new after it', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const before = await admit(numbered(0, 3));
    await hub.stop();
    await asAdmin(`create database "${name}_copy" template "${name}"`);
    await hub.start();
    const after = await admit(numbered(3, 15));
    await hub.stop();
    await asAdmin(`drop database "${name}" with (force)`, `alter database "${name}_copy" rename to "${name}"`);

    await hub.start();
    await hub.client.settle();
    const stays = [...before, ...after];
    expect(await stored('router.event')).toEqual(new Set(stays));
    expect(logged('consumer.catching-up').length).toBeGreaterThan(0);
    expect((await ready()).status).toBe(200);

    // What the older copy would number again must not pass for something its readers have seen.
    const late = await admit(numbered(15, 20));
    expect(await stored('dispatcher.receipt')).toEqual(new Set([...stays, ...late]));
  });
});

describe('a hub whose topic is made anew below its positions', () => {
  it('is not ready, and says once which stage, the code and what to do', async () => {
    await hub.stop();
    const admin = new Kafka({ brokers: [...hub.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [hub.topics.events] });
    await admin.disconnect();
    await hub.start();
    const { status, checks } = await ready();
    expect(status).toBe(503);
    expect(checks).toMatchObject({ router: 'down', watcher: 'down', portal: 'up', dispatcher: 'up' });
    const broken = logged('stage.broken');
    expect(broken.map(({ stage }) => stage).sort()).toEqual(['router', 'watcher']);
    expect(new Set(broken.map(({ code }) => code))).toEqual(new Set(['BRY-4009']));
  });
});
