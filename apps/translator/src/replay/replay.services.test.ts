import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isUnreadable, readSenderEvent, writeSenderEvent } from '#libs/fhir';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  OffsetReader,
  topicDefinitions,
  topicNames,
  type KafkaPort,
  type OutRecord,
  type TopicNames,
} from '#libs/messaging';
import { loadCounty, type Agreement } from '#libs/county';
import { IdMaker, rootTrace, silentLog } from '#libs/platform';
import { observation, wardMessage } from '../../../../libs/fhir/definitions/incoming-message.ts';
import { readTopic } from '../../../../test/services/read-topic.ts';
import { testServices, topicPrefix } from '../../../../test/services/services.ts';
import { adt } from '../../test/adt.ts';
import { ids, INTAKE, translatedOf } from '../../test/reading.ts';
import { readChoice } from './command-line.ts';
import { AnotherSecret, replay, type ReplayParts } from './replay.ts';

/** Without its register of persons: what a message says is compared with what it alone says. */
const county = { ...loadCounty(join(import.meta.dirname, '../../../../deploy/county')), testPersons: () => [] };
const ALL = readChoice(['--rate', '5000']);
const MESSAGES = 18;
/** With the one that cannot be read. */
const ALL_READ = MESSAGES + 1;

let kafka: KafkaPort;
let topics: TopicNames;
let producer: GroupCommitProducer;
let parts: ReplayParts;

beforeEach(async () => {
  topics = topicNames(topicPrefix('replay'));
  kafka = connectKafka({ brokers: testServices().brokers, clientId: 'replay-test', log: silentLog });
  const wanted = [topics.inbound, topics.events, topics.rejected];
  const definitions = topicDefinitions(topics, { parties: [], senders: [], embedded: true });
  await ensureTopics(
    kafka,
    definitions.filter(({ name }) => wanted.includes(name)),
  );
  producer = new GroupCommitProducer({ kafka, log: silentLog });
  parts = { county, ids, kafka, log: silentLog, topics };
});
afterEach(async () => {
  await producer.stop();
  await kafka.close();
});

const bodyOf = (visit: number): Buffer => Buffer.from(adt({ pv1: { 19: `V-${visit}` } }));
const UNREADABLE = Buffer.from(adt({ pv1: { 19: undefined } }));

const fhirMessage = (key: string): OutRecord => {
  const message = wardMessage({
    ...{ id: 'need', code: 'NEED', sender: 'KS', visitId: 'V-F' },
    facts: [observation('NEED', ['SOC'])],
  });
  return inbound(Buffer.from(JSON.stringify(message)), key, 'fhir-message');
};

function inbound(body: Buffer, key: string, kind = 'hl7v2'): OutRecord {
  const id = ids.inbound('KS', body);
  const extra = { sender: 'KS', intake: new Date(INTAKE).toISOString(), 'intake-stamp': `${INTAKE * 1000}` };
  const envelope = { id, kind, schemaVersion: 1, traceparent: rootTrace(id), extra };
  return { topic: topics.inbound, key, value: body, ...envelope };
}

/** The event of a message as an earlier translator published it. */
function earlier(body: Buffer, key: string): OutRecord {
  const { event: today, raw } = translatedOf(body);
  const event = { ...today, revision: today.revision - 1 };
  const envelope = { id: event.eventId, kind: 'event', schemaVersion: 1, traceparent: rootTrace(event.eventId) };
  return { topic: topics.events, key, ...envelope, value: JSON.stringify(writeSenderEvent(event, raw)) };
}

/** Messages that an earlier translator read, over all partitions, and one that it could not read. */
async function fill(): Promise<void> {
  const visits = Array.from({ length: MESSAGES }, (_, visit) => visit);
  const read = visits.flatMap((visit) => [inbound(bodyOf(visit), `k${visit}`), earlier(bodyOf(visit), `k${visit}`)]);
  await producer.sendAll([...read, inbound(UNREADABLE, 'k0')]);
}

async function lengthOf(topic: string): Promise<number> {
  const ends = (await new OffsetReader(kafka).endOffsets([topic])).get(topic) ?? [];
  return ends.reduce((sum, { low, high }) => sum + Number(high - low), 0);
}

const quiet = (): void => undefined;

describe('a replay', () => {
  it('publishes what today reads, with the key and the intake that the message had, and then has nothing to do', async () => {
    await fill();
    const other = { ...parts, ids: new IdMaker(Buffer.alloc(32, 9)) };
    await expect(replay(ALL, other, quiet)).rejects.toThrow(AnotherSecret);
    expect(await lengthOf(topics.events)).toBe(MESSAGES);

    const first = await replay(ALL, parts, quiet);
    expect(first).toEqual({ of: ALL_READ, read: ALL_READ, published: MESSAGES, unchanged: 0, rejected: 1 });
    const events = await readTopic(kafka, topics.events, 2 * MESSAGES);
    for (let visit = 0; visit < MESSAGES; visit++) {
      const { event: wanted } = translatedOf(bodyOf(visit));
      const record = events.findLast(({ key }) => key === `k${visit}`);
      const event = readSenderEvent(JSON.parse(record?.value.toString() ?? 'null'));
      expect(isUnreadable(event) ? undefined : event).toEqual(wanted);
    }
    const second = await replay(ALL, parts, quiet);
    expect(second).toEqual({ of: ALL_READ, read: ALL_READ, published: 0, unchanged: ALL_READ, rejected: 0 });
    expect([await lengthOf(topics.events), await lengthOf(topics.rejected)]).toEqual([2 * MESSAGES, 1]);

    // What is named by its id is published, though it was read before.
    const named = readChoice(['--id', ids.inbound('KS', bodyOf(7))]);
    const again = { of: ALL_READ, read: ALL_READ, published: 1, unchanged: 0, rejected: 0 };
    expect(await replay(named, parts, quiet)).toEqual(again);

    // The event of a FHIR message has an id of that message's own; a replay refused every hub that had taken one.
    await producer.sendAll([fhirMessage('k7')]);
    expect(await replay(ALL, parts, quiet)).toMatchObject({ published: 1, unchanged: ALL_READ });
    expect(await replay(ALL, parts, quiet)).toMatchObject({ published: 0, unchanged: ALL_READ + 1 });
    await expect(replay(ALL, other, quiet)).rejects.toThrow(AnotherSecret);
  });

  it('goes on where it was when it ended in the middle', async () => {
    await fill();
    const cut = replay(ALL, parts, ({ read: done }) => {
      if (done > 0) throw new Error('killed');
    });
    await expect(cut).rejects.toThrow('killed');
    const published = (await lengthOf(topics.events)) - MESSAGES;
    expect(published).toBeGreaterThan(0);
    expect(published).toBeLessThan(MESSAGES);
    expect(await replay(ALL, parts, quiet)).toMatchObject({ read: ALL_READ, published: MESSAGES - published });
    expect(await lengthOf(topics.events)).toBe(2 * MESSAGES);
  });

  it('publishes of what was rejected what a mended agreement can read, and leaves the rest alone', async () => {
    await fill();
    const rejected = readChoice(['--rejected']);
    expect(await replay(rejected, parts, quiet)).toMatchObject({ published: 0, rejected: 0 });
    await replay(readChoice(['--id', ids.inbound('KS', UNREADABLE)]), parts, quiet);
    const visitId = { segment: 'MSH', field: 10 };
    const mended = (id: string, date: string): Agreement | undefined => {
      const agreement = county.agreement(id, date);
      return agreement && { ...agreement, revision: agreement.revision + 1, fields: { ...agreement.fields, visitId } };
    };
    const after = { ...parts, county: { ...county, agreement: mended } };
    expect(await replay(rejected, after, quiet)).toMatchObject({ published: 1, unchanged: 0, rejected: 0 });
    expect(await replay(rejected, after, quiet)).toMatchObject({ published: 0, unchanged: 1, rejected: 0 });
    expect(await lengthOf(topics.events)).toBe(MESSAGES + 1);
    const said = await readTopic(kafka, topics.rejected, 2);
    expect(said.map(({ kind }) => kind)).toEqual(['rejected', 'rejected-mended']);
    expect(said[1]).toMatchObject({ id: said[0]?.id, key: said[0]?.key, value: said[0]?.value });
    expect(await lengthOf(topics.rejected)).toBe(2);
  });
});
