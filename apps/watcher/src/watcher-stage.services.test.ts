import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant, StayEvent } from '#libs/domain';
import { writeEventBundle } from '#libs/fhir';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  OffsetReader,
  reached,
  silentLog as silentKafka,
  startStatelessConsumer,
  topicDefinitions,
  topicNames,
  type TopicDefinition,
  type KafkaPort,
  type StatelessConsumer,
  type TopicNames,
} from '#libs/messaging';
import { loadCounty } from '#libs/county';
import { Metrics, readConfiguration, rootTrace, silentLog } from '#libs/platform';
import { createTestDatabase, testServices, topicPrefix, type TestDatabase } from '../../../test/services/services.ts';
import { ids, keyOf, may, message, need } from '../test/ward.ts';
import { connectStages } from '#libs/hosting';
import { WatcherModule } from './watcher.module.ts';
import { WatcherStage, type WatcherParts } from './watcher-stage.ts';

const county = loadCounty(new URL('../../../deploy/county', import.meta.url).pathname);
const ORDERED = { terms: { ins: 'ordered' as const, organisation: county.agreements()[0]?.organisation ?? '' } };

let database: TestDatabase;
let prefix: string;
let topics: TopicNames;
let kafka: KafkaPort;
let producer: GroupCommitProducer;
let parts: WatcherParts;
let stage: WatcherStage;
let app: INestApplication;
let now: Instant;

/** The organisation of an agreement owns its wards' deviations (contract 1), whether or not it is a recipient too. */
const PARTIES = [...new Set([...county.partyIds(), ...county.agreements().map(({ organisation }) => organisation)])];
const definitions = (): TopicDefinition[] =>
  topicDefinitions(topics, { parties: PARTIES, senders: county.senderIds(), embedded: true });

beforeEach(async () => {
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'watcher-test', log: silentKafka });
  producer = new GroupCommitProducer({ kafka, log: silentKafka });
  database = await createTestDatabase('watcher');
  prefix = topicPrefix('watcher');
  topics = topicNames(prefix);
  now = may('04 08:30');
  const { brokers } = testServices();
  parts = {
    configuration: readConfiguration({}, { brokers, databaseUrl: database.url, topicPrefix: prefix, embedded: true }),
    clock: { driven: true, now: () => now },
    county,
    ids,
    kafka,
    log: silentLog,
    metrics: new Metrics(),
    topics,
    fatal: (error) => {
      throw error;
    },
  };
  await ensureTopics(kafka, definitions());
  stage = new WatcherStage(parts);
  app = await connectStages(WatcherModule.register(stage), [stage]);
});
afterEach(async () => {
  await app.close();
  await database.drop();
  await producer.stop();
  // A county has many topics; left behind they slow the broker for the suites that follow.
  const names = definitions().map(({ name }) => name);
  await kafka.admin((admin) => admin.deleteTopics({ topics: names }));
  await kafka.close();
});

const send = (topic: string, key: string, id: string, value: unknown): Promise<unknown> =>
  producer.send({
    ...{ topic, key, id, kind: 'test', schemaVersion: 1, traceparent: rootTrace(id) },
    value: typeof value === 'string' ? value : JSON.stringify(value),
  });
const beat = (steppedFrom?: Instant): Promise<unknown> =>
  send(topics.uptime, 'replica', ids.other('beat', `${now}`), {
    at: new Date(now).toISOString(),
    ...(steppedFrom !== undefined && { steppedFrom: new Date(steppedFrom).toISOString() }),
  });
const takeIn = (event: StayEvent): Promise<unknown> =>
  send(topics.inbound, keyOf('v1'), event.inboundId, JSON.stringify(event));
const publish = (event: StayEvent): Promise<unknown> =>
  send(topics.events, keyOf('v1'), event.eventId, writeEventBundle(event, { controlId: 'c' }));

/** A translator that does what the true one does with its offsets: published first, committed then. */
function translator(): StatelessConsumer {
  return startStatelessConsumer({
    kafka,
    group: `${prefix}translator`,
    topics: [topics.inbound],
    log: silentKafka,
    handle: async (records) => {
      for (const record of records) await publish(JSON.parse(record.value.toString()) as StayEvent);
    },
    onPoison: () => Promise.resolve(),
  });
}

async function eventually(check: () => Promise<boolean>, ms = 20_000): Promise<void> {
  const giveUpAt = Date.now() + ms;
  while (!(await check())) {
    if (Date.now() > giveUpAt) throw new Error('never came true');
    await pause(25);
  }
}

async function open(): Promise<string[]> {
  const { rows } = await stage
    .pool()
    .query<{ code: string }>(`select code from deviation where status <> 'cancelled' order by code`);
  return rows.map((row) => row.code);
}

async function watermark(): Promise<Instant | null> {
  const { rows } = await stage.pool().query<{ at: Instant | null }>('select at::float8 as at from watermark');
  return rows[0]?.at ?? null;
}

const admission = message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00')], ...ORDERED });
const order = message('A08', {
  sent: '04 10:00',
  facts: [{ code: 'INS', scopes: [], values: ['Y'], status: 'F', at: may('04 10:00'), stated: 'x' }],
  ...ORDERED,
});

describe('the watcher on real Kafka', () => {
  it('says what never came, to the operator and the attributed party, and settles', async () => {
    const translating = translator();
    try {
      await stage.start();
      await beat();
      await takeIn(admission);
      await eventually(async () => (await watermark()) === now && (await stage.nextDue(Infinity)) !== undefined);
      const from = now;
      now = may('05 08:01');
      await beat(from);
      await eventually(async () => (await open()).length > 0);
      expect(await open()).toEqual(['INS-01']);
      await eventually(() => stage.allSaid());
      const party = topics.deviationsOf(ORDERED.terms.organisation);
      // To the party also that it has to answer.
      const ends = await new OffsetReader(kafka).endOffsets([topics.deviations, party]);
      expect([...ends.values()].map((one) => one.reduce((sum, { high }) => sum + Number(high), 0))).toEqual([1, 2]);
    } finally {
      await translating.stop();
    }
  });

  it('says nothing while the translator stands: the order may be on its way', async () => {
    let translating = translator();
    await stage.start();
    await beat();
    await takeIn(admission);
    await eventually(async () => (await watermark()) === now && (await stage.nextDue(Infinity)) !== undefined);
    await translating.stop();
    await takeIn(order);
    const from = now;
    now = may('05 08:01');
    await beat(from);
    const ends = await new OffsetReader(kafka).endOffsets([topics.uptime]);
    await eventually(async () => reached(await stage.positions(), ends));
    // Several rounds of the watch: none of them may move the watermark.
    await pause(1500);
    expect(await watermark()).toBe(from);
    expect(await stage.allSaid()).toBe(false);
    translating = translator();
    try {
      await eventually(async () => (await watermark()) === now);
      expect(await open()).not.toContain('INS-01');
    } finally {
      await translating.stop();
    }
  });

  it('stopped over a deadline, says when started again what is still true', async () => {
    const translating = translator();
    try {
      await stage.start();
      await beat();
      await takeIn(admission);
      await eventually(async () => (await watermark()) === now && (await stage.nextDue(Infinity)) !== undefined);
      await stage.stop();
      await takeIn(order);
      const from = now;
      now = may('05 08:01');
      await beat(from);
      await stage.start();
      await eventually(async () => (await watermark()) === now && (await stage.allSaid()));
      expect(await open()).not.toContain('INS-01');
    } finally {
      await translating.stop();
    }
  });

  it('does not pass the last beat: an outage that is not over hides deadlines', async () => {
    const translating = translator();
    try {
      await stage.start();
      await beat();
      await takeIn(admission);
      await eventually(async () => (await watermark()) === now && (await stage.nextDue(Infinity)) !== undefined);
      const from = now;
      now = may('05 08:01');
      await eventually(async () => (await watermark()) === from + 5000);
      expect(await open()).toEqual([]);
      await beat();
      // The beat after the silence makes an outage of it; the deadline lies inside and moves behind it.
      await eventually(async () => (await watermark()) === now && (await stage.allSaid()));
      expect(await open()).toEqual([]);
      expect(await stage.nextDue(Infinity)).toBe(may('05 08:17'));
    } finally {
      await translating.stop();
    }
  });

  it('judges for the clock operation at the instants that it asks for', async () => {
    const translating = translator();
    try {
      await stage.start();
      await beat();
      await takeIn(admission);
      await eventually(async () => (await stage.allSaid()) && (await stage.nextDue(Infinity)) !== undefined);
      // A quarter of the 24 hours is left: the ward is warned, on `tasks` and on its own topic.
      const warned = await stage.nextDue(may('06'));
      expect(warned).toBe(may('05 02:00'));
      expect(await stage.judgeAt(warned ?? 0)).toEqual({ sent: 2 });
      const due = await stage.nextDue(may('06'));
      expect(due).toBe(may('05 08:01'));
      // The deviation, the duty to answer it, and that the warning has ended, each twice; its row in the feed.
      expect(await stage.judgeAt(due ?? 0)).toEqual({ sent: 7 });
      expect(await stage.judgeAt(due ?? 0)).toEqual({ sent: 0 });
      expect(await open()).toEqual(['INS-01']);
      expect(await stage.nextDue(may('06'))).toBeUndefined();
    } finally {
      await translating.stop();
    }
  });

  it('starts while PostgreSQL or Kafka is away, stops at once, and does neither twice', async () => {
    const away = readConfiguration(
      {},
      { brokers: ['127.0.0.1:9'], databaseUrl: 'postgres://x@127.0.0.1:9/x', topicPrefix: prefix, embedded: true },
    );
    const lonely = new WatcherStage({ ...parts, configuration: away });
    await lonely.start();
    await lonely.start();
    expect(lonely.isOpen()).toBe(false);
    await expect(lonely.allSaid()).rejects.toThrow('not open');
    await lonely.stop();
    await lonely.stop();
  });
});
