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
import { TranslatorModule, TranslatorStage } from './translator.controller.ts';

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
      testPersons: () => [],
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

/** Each message has a key of its own, so that what is said of one hangs on none beside it. */
const said = (key: string, body: string, more: Partial<OutRecord> = {}) => inbound(body, key, more);
const stamped = (intake: Record<string, string>) => ({ extra: { sender: 'KS', ...intake } });

describe('the translator on real Kafka', () => {
  it('makes one event of each message, in order, under the same key and trace, with its own intake', async () => {
    const from = Date.now();
    const records = Array.from({ length: 120 }, (_, i) => inbound(visit(i), `key-${i % 7}`));
    await producer.sendAll(records);
    const old = await producer.send(said('old', visit('old')));
    await producer.send(said('driven', visit('driven'), stamped({ intake: '2026-05-10T12:00:00.000Z' })));
    await producer.send(said('stamped', visit('stamped'), stamped({ 'intake-stamp': '1778416260000001' })));
    const odd = await producer.send(said('odd', visit('odd'), stamped({ 'intake-stamp': 'soon' })));
    const faulty = { pv1: { 2: 'Q' }, pv2: { 9: 'v.20' }, obx: [{ 3: 'NEEDS^text^BRYGGAN', 5: 'SOC' }] };
    await producer.send(said('faulty', adt(faulty)));
    await translator.start();
    const events = await readTopic(kafka, topics.events, 125);
    for (const key of new Set(records.map((record) => record.key))) {
      const expected = records.filter((record) => record.key === key).map(({ id }) => ids.event(id, 0));
      expect(events.filter((event) => event.key === key).map(({ id }) => id)).toEqual(expected);
    }
    const first = events.find(({ id }) => id === ids.event(records[0]!.id, 0));
    expect(traceIdOf(first?.traceparent)).toBe(traceIdOf(records[0]!.traceparent));
    expect(eventIn(first).stayId).toBe(ids.stay('SE2321000016-1000', 'V-0'));

    // Intake is the broker's append time, or the driven clock's header; its order the ingress's stamp, or append time and offset.
    const of = (key: string) => eventIn(events.find((event) => event.key === key));
    expect(of('old').intakeAt).toBe(old.timestamp);
    expect(Math.abs(old.timestamp - from)).toBeLessThan(600_000);
    expect(of('old').intakeStamp).toBe(old.timestamp * 1000 + Number(old.offset % 1000n));
    expect(of('driven').intakeAt).toBe(Date.parse('2026-05-10T12:00:00.000Z'));
    expect(of('stamped').intakeStamp).toBe(1778416260000001);
    expect(of('odd').intakeStamp).toBe(odd.timestamp * 1000 + Number(odd.offset % 1000n));

    // What is wrong with a message that is taken stands on its event, and is counted.
    expect(of('faulty').findings).toEqual([
      { grade: 'unstated', code: 'bad-class', place: 'PV1-2' },
      { grade: 'unstated', code: 'bad-timestamp', place: 'PV2-9' },
      { grade: 'unstated', code: 'unknown-fact', place: 'OBX[1]-3' },
    ]);
    expect(of('old').findings).toEqual([]);
    const counted = (await metrics.text()).split('\n').filter((line) => line.startsWith('bryggan_translator_findings'));
    expect(counted).toEqual(
      ['bad-class', 'bad-timestamp', 'unknown-fact'].map(
        (code) => `bryggan_translator_findings_total{sender="KS",grade="unstated",code="${code}"} 1`,
      ),
    );
  });

  it('sets aside what cannot be translated, what it has a bug for, and what is none of ours, and the rest goes on', async () => {
    agreements = {
      agreement: (id, date) => {
        if (id === 'OS') throw new TypeError('bug');
        return county.agreement(id, date);
      },
    };
    const bad = said('bad', adt({ pid: { 3: '191212121213^^^SKV' } }));
    const foreign = said('foreign', visit(3), { kind: 'something-else' });
    const bug = said('bug', visit(4), { extra: { sender: 'OS' } });
    await producer.sendAll([said('bad', visit(1)), bad, foreign, bug, said('bad', visit(2))]);
    const raw = kafka.client.producer();
    await raw.connect();
    await raw.send({ topic: topics.inbound, messages: [{ key: 'raw', value: 'anything', partition: 0 }] });
    await raw.disconnect();
    await translator.start();
    expect((await readTopic(kafka, topics.events, 2)).map((record) => eventIn(record).trigger)).toEqual(['A01', 'A01']);
    const rejected = await readTopic(kafka, topics.rejected, 4);
    expect(rejected.flatMap(({ headers }) => headerBreaches(headers))).toEqual([]);
    const told = new Map(
      rejected.map(({ id, value }) => [id, JSON.parse(value.toString()) as Record<string, unknown>]),
    );
    const of = ({ id }: OutRecord) => told.get(ids.rejection(id, 0));
    const issue = (code: string) => ({ outcome: { issue: [{ details: { coding: [{ code }] } }] } });
    expect(rejected.find(({ id }) => id === ids.rejection(bad.id, 0))).toMatchObject({ key: 'bad', kind: 'rejected' });
    expect(of(bad)).toMatchObject({
      inbound: { id: bad.id, topic: topics.inbound },
      sender: 'KS',
      trigger: 'A01',
      outcome: { issue: [{ details: { coding: [{ code: 'BRY-2006' }] }, expression: ['PID-3'] }] },
    });
    expect(of(foreign)).toMatchObject(issue('BRY-2018'));
    expect(of(bug)).toMatchObject(issue('BRY-9002'));
    const ours = new Set([bad, foreign, bug].map(({ id }) => ids.rejection(id, 0)));
    const [other] = [...told].flatMap(([id, value]) => (ours.has(id) ? [] : [value]));
    expect(other).toMatchObject({ inbound: { topic: topics.inbound, partition: 0 } });
    expect(JSON.stringify([...told.values()])).not.toContain('191212');
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
