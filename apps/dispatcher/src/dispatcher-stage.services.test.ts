import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { isUnreadable, readReceipt, type Receipt } from '#libs/fhir';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  topicDefinitions,
  topicNames,
  type OutRecord,
} from '#libs/messaging';
import { describeSchema } from '#libs/persistence';
import { CurrentCounty } from '#libs/county';
import { IdMaker, Metrics, readConfiguration, silentLog } from '#libs/platform';
import { breachesOf, headerBreaches } from '../../../test/conformance/contracts.ts';
import { createTestDatabase, testServices, topicPrefix, type TestDatabase } from '../../../test/services/services.ts';
import { deliveryId, MONDAY, noticeRecord, type NoticeDraft } from '../test/notices.ts';
import { until } from '../../../test/hub/until.ts';
import { TopicReader } from '../../../test/services/topic-reader.ts';
import type { INestApplication } from '@nestjs/common';
import { connectStages } from '#libs/hosting';
import { DISPATCHER_SCHEMA, DispatcherModule, type DispatcherParts, DispatcherStage } from './dispatcher.controller.ts';

const COUNTY = join(import.meta.dirname, '../../../deploy/county');
const ids = new IdMaker(Buffer.from('a secret for the tests alone'));
const STAY = ids.stay('SE2321000016-1000', 'V1');

let database: TestDatabase;
let folder: string;
let county: CurrentCounty;
let parts: DispatcherParts;
let producer: GroupCommitProducer;
let reader: TopicReader;
let stage: DispatcherStage;
let app: INestApplication;
let sql: Client;

beforeAll(async () => {
  database = await createTestDatabase('dispatcher');
  const { brokers } = testServices();
  const prefix = topicPrefix('dispatcher');
  folder = mkdtempSync(join(tmpdir(), 'county-'));
  cpSync(COUNTY, folder, { recursive: true });
  const options = { brokers, databaseUrl: database.url, topicPrefix: prefix, countyDir: folder, embedded: true };
  county = new CurrentCounty(folder);
  const topics = topicNames(prefix);
  parts = {
    configuration: readConfiguration({ NODE_ENV: 'test' }, options),
    clock: { now: () => MONDAY + 1000, driven: true },
    county,
    ids,
    kafka: connectKafka({ brokers, clientId: 'dispatcher-test', log: silentLog }),
    log: silentLog,
    metrics: new Metrics(),
    topics,
    fatal: (error) => {
      throw error;
    },
  };
  await makeTopics();
  reader = new TopicReader(brokers);
  await reader.start([topics.receipts, ...county.senderIds().map((sender) => topics.receiptsOf(sender))]);
  producer = new GroupCommitProducer({ kafka: parts.kafka, log: silentLog });
  stage = new DispatcherStage(parts);
  app = await connectStages(DispatcherModule.register(parts, stage), [stage]);
  await app.startAllMicroservices();
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});
/** The topics of all parties and senders of the county as it is now. */
async function makeTopics(): Promise<void> {
  const options = { parties: county.partyIds(), senders: county.senderIds(), embedded: true };
  await ensureTopics(parts.kafka, topicDefinitions(parts.topics, options));
}

afterAll(async () => {
  await sql.end();
  await app.close();
  await producer.stop();
  await reader.stop();
  await parts.kafka.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const utk = (more: Partial<NoticeDraft> = {}): NoticeDraft => ({
  stayId: STAY,
  recipient: '0184',
  sender: 'KS',
  name: '1',
  ...more,
});
const send = (drafts: readonly NoticeDraft[]): Promise<unknown> =>
  producer.sendAll(drafts.map((draft): OutRecord => noticeRecord(draft, ids, parts.topics)));
const on = (topic: string) => reader.records.filter((record) => record.topic === topic);

function receiptFor(id: string): Receipt[] {
  return on(parts.topics.receipts).flatMap(({ value }) => {
    const receipt = readReceipt(JSON.parse(value.toString()));
    if (isUnreadable(receipt)) throw new Error(receipt.unreadable);
    return receipt.deliveryId === id ? [receipt] : [];
  });
}

const receiptThere = (draft: NoticeDraft): Promise<void> =>
  until(`a receipt for ${draft.name}`, () => receiptFor(deliveryId(ids, draft, draft.name)).length > 0);

describe('the dispatcher', () => {
  it('gives a receipt with the hub’s time, to all and to the sender alone', async () => {
    await send([utk()]);
    await receiptThere(utk());
    const [receipt] = receiptFor(deliveryId(ids, utk(), '1'));
    expect(receipt).toMatchObject({
      category: 'UTK',
      recipient: '0184',
      stayId: STAY,
      received: MONDAY + 1000,
      withdraws: [],
    });
    await until('the sender has it', () => on(parts.topics.receiptsOf('KS')).length === 1);
    expect(on(parts.topics.receiptsOf('DS'))).toEqual([]);
  });

  it('says nothing of the person in it', () => {
    const text = reader.records
      .map(({ value, key, headers }) => `${value.toString()}${key}${JSON.stringify(headers)}`)
      .join();
    expect(text).not.toContain('Tolvan');
    expect(text).not.toContain('191212121212');
  });

  it('a withdrawal has a receipt of its own', async () => {
    const withdrawal = utk({ name: '1w', withdraws: ['1'] });
    await send([withdrawal]);
    await receiptThere(withdrawal);
    expect(receiptFor(deliveryId(ids, withdrawal, '1w'))).toEqual([
      expect.objectContaining({ category: 'UTK-WITHDRAWN', withdraws: [deliveryId(ids, withdrawal, '1')] }),
    ]);
  });

  it('a notice that comes again has one receipt', async () => {
    await send([utk({ name: '2' }), utk({ name: '2' })]);
    await send([utk({ name: '2' }), utk({ name: '3' })]);
    await receiptThere(utk({ name: '3' }));
    expect(receiptFor(deliveryId(ids, utk(), '2'))).toHaveLength(1);
  });

  it('every party of the county is heard, and every sender answered', async () => {
    const drafts = parts.county
      .partyIds()
      .flatMap((recipient, n): NoticeDraft[] => [
        utk({ recipient, name: 'all', sender: parts.county.senderIds()[n % parts.county.senderIds().length]! }),
      ]);
    await send(drafts);
    for (const draft of drafts) await receiptThere(draft);
    for (const sender of parts.county.senderIds())
      await until(`receipts for ${sender}`, () => on(parts.topics.receiptsOf(sender)).length > 5);
  });

  it('a notice of no known sender has a receipt that nobody is sent', async () => {
    const id = ids.receipt(deliveryId(ids, utk(), 'x'));
    await send([utk({ name: 'x', sender: 'XX' })]);
    await receiptThere(utk({ name: 'x' }));
    await until('all is said', () => stage.allSaid());
    expect(reader.records.filter((record) => record.id === id).map(({ topic }) => topic)).toEqual([
      parts.topics.receipts,
    ]);
  });

  it('what cannot be read, or is another party’s, is set aside, and the topic moves on', async () => {
    const misled = { ...noticeRecord(utk({ name: 'm' }), ids, parts.topics), topic: parts.topics.deliveries('0126') };
    await producer.sendAll([{ ...misled, id: 'unreadable', value: '{' }, misled]);
    await send([utk({ recipient: '0126', name: 'after' })]);
    await receiptThere(utk({ recipient: '0126', name: 'after' }));
    const { rows } = await sql.query<{ topic: string; error_code: string }>(
      'select topic, error_code from dispatcher.poison order by at_offset',
    );
    expect(rows).toEqual([
      { topic: misled.topic, error_code: 'BRY-2018' },
      { topic: misled.topic, error_code: 'BRY-2018' },
    ]);
    expect(receiptFor(deliveryId(ids, utk(), 'm'))).toEqual([]);
  });

  it('every record keeps the contract of its topic', () => {
    const prefix = parts.configuration.kafka.topicPrefix;
    expect(reader.records.length).toBeGreaterThan(0);
    for (const { topic, value, headers } of reader.records) {
      expect(breachesOf(topic.slice(prefix.length), JSON.parse(value.toString()))).toEqual([]);
      expect(headerBreaches(headers)).toEqual([]);
    }
  });

  it('stopped and started it goes on where it was', async () => {
    await stage.stop();
    await stage.stop();
    await send([utk({ name: 'late' })]);
    await stage.start();
    await receiptThere(utk({ name: 'late' }));
    expect(receiptFor(deliveryId(ids, utk(), 'late'))).toHaveLength(1);
    await until('all is said', () => stage.allSaid());
  });

  it('has the schema that was reviewed', async () => {
    const reviewed = readFileSync(join(import.meta.dirname, '../schema.txt'), 'utf8');
    expect(await describeSchema(database.url, DISPATCHER_SCHEMA)).toBe(reviewed);
  });
});

describe('a county that changes', () => {
  it('has the topic of a new party read while the dispatcher runs, and those of all others still', async () => {
    const parties = join(folder, 'parties.json');
    const file = JSON.parse(readFileSync(parties, 'utf8')) as { parties: object[] };
    const fresh = { id: '9999', name: 'Ny kommun', kind: 'municipality', legalForm: 'municipal-authority' };
    const reached = { delivery: [{ channel: 'topic', address: 'deliveries.9999' }], outOfHours: 'none' };
    const desks = [{ id: 'mottagning', name: 'Mottagningen', takes: [], isDefault: true }];
    file.parties.push({ ...fresh, ...reached, desks, from: '2020-01-01', source: 'test' });
    writeFileSync(parties, JSON.stringify(file));
    expect(county.reload()).toBe(true);
    await makeTopics();
    await stage.followParties();
    const drafts = [utk({ recipient: '9999', name: 'new party' }), utk({ name: 'old party' })];
    await send(drafts);
    for (const draft of drafts) await receiptThere(draft);
  });
});
