import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isUnreadable, readEventBundle } from '#libs/fhir';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  OffsetReader,
  reached,
  topicDefinitions,
  topicNames,
  type InRecord,
  type KafkaPort,
  type OutRecord,
  type TopicNames,
} from '#libs/messaging';
import { loadCounty, type County } from '#libs/county';
import { Metrics, rootTrace, silentLog, traceIdOf } from '#libs/platform';
import { headerBreaches } from '../../../test/conformance/contracts.ts';
import { testServices, topicPrefix } from '../../../test/services/services.ts';
import { adt } from '../test/adt.ts';
import { readTopic } from '../../../test/services/read-topic.ts';
import { ids } from '../test/reading.ts';
import type { INestApplication } from '@nestjs/common';
import { connectStages } from '#libs/hosting';
import { TranslatorModule } from './translator.module.ts';
import { TranslatorStage } from './translator-stage.ts';

const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));

let kafka: KafkaPort;
let topics: TopicNames;
let producer: GroupCommitProducer;
let translator: TranslatorStage;
let app: INestApplication;
let agreements: Pick<County, 'agreement'>;
let metrics: Metrics;

beforeEach(async () => {
  const prefix = topicPrefix('translator');
  topics = topicNames(prefix);
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'translator-test', log: silentLog });
  const wanted = [topics.inbound, topics.events, topics.rejected];
  const definitions = topicDefinitions(topics, { parties: [], senders: [], embedded: true });
  await ensureTopics(
    kafka,
    definitions.filter(({ name }) => wanted.includes(name)),
  );
  producer = new GroupCommitProducer({ kafka, log: silentLog });
  agreements = county;
  metrics = new Metrics();
  const parts = {
    configuration: { kafka: { topicPrefix: prefix, sessionTimeoutMillis: 3000 } },
    county: {
      agreement: (id: string, date: string) => agreements.agreement(id, date),
      directory: county.directory,
    },
    ids,
    kafka,
    log: silentLog,
    metrics,
    topics,
  };
  translator = new TranslatorStage(parts);
  app = await connectStages(TranslatorModule.register(parts), [translator]);
});

afterEach(async () => {
  await app.close();
  await producer.stop();
  await kafka.close();
});

function inbound(body: string, key = 'key', more: Partial<OutRecord> = {}): OutRecord {
  const id = ids.inbound('KS', Buffer.from(body));
  const extra = { sender: 'KS', 'content-type': 'x-application/hl7-v2+er7' };
  return {
    topic: topics.inbound,
    key,
    id,
    kind: 'hl7v2',
    schemaVersion: 1,
    traceparent: rootTrace(id),
    value: body,
    extra,
    ...more,
  };
}

const visit = (number: number | string) => adt({ pv1: { 19: `V-${number}` } });
const eventIn = (record: InRecord | undefined) => {
  const event = readEventBundle(JSON.parse(record?.value.toString() ?? 'null'));
  if (isUnreadable(event)) throw new Error(event.unreadable);
  return event;
};

describe('the translator on real Kafka', () => {
  it('makes one event of each message, in order, under the same key and trace', async () => {
    const records = Array.from({ length: 300 }, (_, i) => inbound(visit(i), `key-${i % 7}`));
    await producer.sendAll(records);
    await translator.start();
    const events = await readTopic(kafka, topics.events, 300);
    for (const key of new Set(records.map((record) => record.key))) {
      const expected = records.filter((record) => record.key === key).map(({ id }) => ids.event(id, 0));
      expect(events.filter((event) => event.key === key).map(({ id }) => id)).toEqual(expected);
    }
    const first = events.find(({ id }) => id === ids.event(records[0]!.id, 0));
    expect(traceIdOf(first?.traceparent)).toBe(traceIdOf(records[0]!.traceparent));
    expect(eventIn(first).stayId).toBe(ids.stay('SE2321000016-1000', 'V-0'));
  });

  it("intake is the broker's append time, or the driven clock's header", async () => {
    const from = Date.now();
    const ack = await producer.send(inbound(visit(1)));
    await producer.send(inbound(visit(2), 'key', { extra: { sender: 'KS', intake: '2026-05-10T12:00:00.000Z' } }));
    await translator.start();
    const [appended, driven] = (await readTopic(kafka, topics.events, 2)).map(eventIn);
    expect(appended?.intakeAt).toBe(ack.timestamp);
    expect(Math.abs(ack.timestamp - from)).toBeLessThan(60_000);
    expect(driven?.intakeAt).toBe(Date.parse('2026-05-10T12:00:00.000Z'));
  });

  it("orders what it took in by the ingress's stamp, or by append time and offset where there is none", async () => {
    const { timestamp } = await producer.send(inbound(visit(1)));
    await producer.send(inbound(visit(2), 'key', { extra: { sender: 'KS', 'intake-stamp': '1778416260000001' } }));
    await producer.send(inbound(visit(3), 'key', { extra: { sender: 'KS', 'intake-stamp': 'soon' } }));
    await translator.start();
    const [old, stamped, odd] = (await readTopic(kafka, topics.events, 3)).map(eventIn);
    expect(old?.intakeStamp).toBe(timestamp * 1000);
    expect(stamped?.intakeStamp).toBe(1778416260000001);
    expect((odd?.intakeStamp ?? 0) % 1000).toBe(2);
  });

  it('takes a message with faults in it, tells them on its event and counts them', async () => {
    const parts = { pv1: { 2: 'Q' }, pv2: { 9: 'v.20' }, obx: [{ 3: 'NEEDS^text^BRYGGAN', 5: 'SOC' }] };
    await producer.sendAll([inbound(adt(parts)), inbound(visit(2))]);
    await translator.start();
    const [first, second] = (await readTopic(kafka, topics.events, 2)).map(eventIn);
    expect(first?.findings).toEqual([
      { grade: 'unstated', code: 'bad-class', place: 'PV1-2' },
      { grade: 'unstated', code: 'bad-timestamp', place: 'PV2-9' },
      { grade: 'unstated', code: 'unknown-fact', place: 'OBX[1]-3' },
    ]);
    expect(second?.findings).toEqual([]);
    const counted = (await metrics.text()).split('\n').filter((line) => line.startsWith('bryggan_translator_findings'));
    expect(counted).toEqual(
      ['bad-class', 'bad-timestamp', 'unknown-fact'].map(
        (code) => `bryggan_translator_findings_total{sender="KS",grade="unstated",code="${code}"} 1`,
      ),
    );
  });

  it('sets aside what cannot be translated, and the rest goes on', async () => {
    const bad = inbound(adt({ pid: { 3: '191212121213^^^SKV' } }));
    const foreign = inbound(visit(3), 'key', { kind: 'something-else' });
    await producer.sendAll([inbound(visit(1)), bad, foreign, inbound(visit(2))]);
    await translator.start();
    expect((await readTopic(kafka, topics.events, 2)).map((record) => eventIn(record).trigger)).toEqual(['A01', 'A01']);
    const rejected = await readTopic(kafka, topics.rejected, 2);
    expect(rejected.flatMap(({ headers }) => headerBreaches(headers))).toEqual([]);
    expect(rejected[0]).toMatchObject({ key: 'key', kind: 'rejected', id: ids.rejection(bad.id, 0) });
    const [first, second] = rejected.map(({ value }) => JSON.parse(value.toString()) as Record<string, unknown>);
    expect(first).toMatchObject({
      inbound: { id: bad.id, topic: topics.inbound, offset: '1' },
      sender: 'KS',
      trigger: 'A01',
      outcome: { issue: [{ details: { coding: [{ code: 'BRY-2006' }] }, expression: ['PID-3'] }] },
    });
    expect(second).toMatchObject({ outcome: { issue: [{ details: { coding: [{ code: 'BRY-2018' }] } }] } });
    expect(JSON.stringify([first, second])).not.toContain('191212');
  });

  it('survives a bug of ours in one message', async () => {
    agreements = {
      agreement: (id, date) => {
        if (id === 'KS') throw new TypeError('bug');
        return county.agreement(id, date);
      },
    };
    await producer.sendAll([inbound(visit(1)), inbound(visit(2), 'key', { extra: { sender: 'DS' } })]);
    await translator.start();
    await readTopic(kafka, topics.events, 1);
    const [rejected] = await readTopic(kafka, topics.rejected, 1);
    expect(rejected?.value.toString()).toContain('BRY-9002');
  });

  it('sets aside a record that is none of ours', async () => {
    const raw = kafka.client.producer();
    await raw.connect();
    await raw.send({ topic: topics.inbound, messages: [{ key: 'key', value: 'anything', partition: 0 }] });
    await raw.disconnect();
    await translator.start();
    const [rejected] = await readTopic(kafka, topics.rejected, 1);
    expect(JSON.parse(rejected?.value.toString() ?? '')).toMatchObject({
      inbound: { topic: topics.inbound, partition: 0, offset: '0' },
    });
  });

  it('stopped and started goes on where it was: its committed offset is what the watermark waits for', async () => {
    const offsets = new OffsetReader(kafka);
    const caughtUp = async () => {
      const ends = await offsets.endOffsets([topics.inbound]);
      return reached(await offsets.committedOffsets(translator.group, [topics.inbound]), ends);
    };
    await producer.send(inbound(visit(1)));
    await translator.start();
    await readTopic(kafka, topics.events, 1);
    await translator.stop();
    expect(await caughtUp()).toBe(true);
    await producer.send(inbound(visit(2)));
    expect(await caughtUp()).toBe(false);
    await translator.start();
    const events = await readTopic(kafka, topics.events, 2);
    expect(events.map((event) => eventIn(event).stayId)).toEqual(
      [1, 2].map((n) => ids.stay('SE2321000016-1000', `V-${n}`)),
    );
    await translator.stop();
    expect(await caughtUp()).toBe(true);
    await offsets.stop();
  });
});
