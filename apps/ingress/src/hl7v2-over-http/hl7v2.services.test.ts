import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { NestFactory } from '@nestjs/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { frame } from '#libs/hl7v2';
import { Callers, loadCounty } from '#libs/county';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { connectKafka, ensureTopics, topicDefinitions, topicNames, type KafkaPort } from '#libs/messaging';
import { Health, IdMaker, Metrics, silentLog } from '#libs/platform';
import { readTopic } from '../../../../test/services/read-topic.ts';
import { startSpareKafka } from '../../../../test/services/spare.ts';
import { testServices, topicPrefix } from '../../../../test/services/services.ts';
import { admission } from '../../test/message.ts';
import { Hl7v2Controller } from './hl7v2.controller.ts';
import { Hl7v2Intake } from './hl7v2-intake.ts';

const ids = new IdMaker(Buffer.alloc(32, 7));
const county = loadCounty(join(import.meta.dirname, '../../../../deploy/county'));
const callers = new Callers([
  { name: 'sender:KS', party: 'SE2321000016-1000', roles: ['sender'], token: 'token-of-KS' },
  { name: 'sender:DS', party: 'SE2321000016-1000', roles: ['sender'], token: 'token-of-DS' },
  { name: 'operator', party: 'operator', roles: ['operator'], token: 'token-of-operator' },
  { name: '0184', party: '0184', roles: ['party'], token: 'token-of-0184' },
]);
const LARGEST = 500_000;
const TYPE = 'x-application/hl7-v2+er7';

interface Door {
  readonly kafka: KafkaPort;
  readonly inbound: string;
  readonly intake: Hl7v2Intake;
  readonly url: string;
  readonly app: INestApplication;
  post(body: Buffer, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

async function doorAt(brokers: string[]): Promise<Door> {
  const topics = topicNames(topicPrefix('hl7v2-http'));
  const kafka = connectKafka({ brokers, clientId: 'hl7v2-http', log: silentLog });
  const definitions = topicDefinitions(topics, { parties: [], senders: [], embedded: true });
  await ensureTopics(
    kafka,
    definitions.filter(({ name }) => name === topics.inbound),
  );
  const [metrics, log, health] = [new Metrics(), silentLog, new Health()];
  const configuration = { mllp: { maxFrameBytes: LARGEST } };
  const intake = new Hl7v2Intake({ configuration, clock: SYSTEM, county, ids, kafka, log, metrics, topics });
  const settings = { host: '127.0.0.1', port: 0, trustedProxies: [], requestsPerSecond: 10_000 };
  const front = HttpModule.register({ settings, callers, health, log, metrics });
  const app = await NestFactory.create(
    {
      module: class {},
      imports: [front],
      controllers: [Hl7v2Controller],
      providers: [{ provide: Hl7v2Intake, useValue: intake }],
    },
    HTTP_APPLICATION,
  );
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/hl7v2`;
  const post: Door['post'] = (body, headers = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': TYPE, authorization: 'Bearer token-of-KS', ...headers },
      body: new Uint8Array(body),
    });
  return { kafka, inbound: topics.inbound, intake, url, app, post };
}

const SYSTEM = { driven: false, now: Date.now };

async function close({ app, intake, kafka }: Door): Promise<void> {
  await app.close();
  await intake.stop();
  await kafka.close();
}

const codeIn = (text: string) => /\rMSA\|(\w\w)/.exec(text)?.[1] ?? /BRY-\d{4}/.exec(text)?.[0];

describe('POST /hl7v2', () => {
  let door: Door;
  beforeAll(async () => {
    door = await doorAt(testServices().brokers);
  });
  afterEach(() => door.intake.release());
  afterAll(() => close(door));

  it('stores the bytes as MLLP would, and answers AA', async () => {
    const body = Buffer.from(admission('H-1', { 3: 'Journal Öst', 18: '8859/1' }).toString('utf8'), 'latin1');
    const answer = await door.post(body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, TYPE]);
    expect(codeIn(Buffer.from(await answer.arrayBuffer()).toString('latin1'))).toBe('AA');
    const record = (await readTopic(door.kafka, door.inbound, 1)).find(({ id }) => id === ids.inbound('KS', body));
    expect(record?.value).toEqual(body);
    expect(record?.kind).toBe('hl7v2');
    expect(record?.headers).toMatchObject({ sender: 'KS', 'content-type': TYPE });
    expect(record?.headers['intake-stamp']).toMatch(/^\d{16}$/);
  });

  it('says on the record that the operator wrote it in the name of the sender, and who', async () => {
    const body = admission('H-0');
    const [authorization, url] = ['Bearer token-of-operator', `${door.url}?sender=KS`];
    const headers = { 'content-type': TYPE, authorization, 'x-person': 'disa' };
    const send = (to: string) => fetch(to, { method: 'POST', headers, body: new Uint8Array(body) });
    expect([(await send(door.url)).status, (await send(`${door.url}?sender=DS`)).status]).toEqual([400, 403]);
    expect((await send(url)).status).toBe(200);
    const record = (await readTopic(door.kafka, door.inbound, 1)).find(({ id }) => id === ids.inbound('KS', body));
    expect(record?.headers).toMatchObject({ sender: 'KS', 'written-by': 'operator/disa' });
  });

  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const latin = bytes(admission('H-2', { 3: 'Öst', 18: '' }).toString('utf8'));
  it.each<[string, Buffer, Record<string, string>, number, string]>([
    ['packed with gzip', gzipSync(admission('H-3')), { 'content-encoding': 'gzip' }, 415, 'BRY-3006'],
    ['with its charset, as in MSH-18', admission('H-4'), { 'content-type': `${TYPE}; charset=utf-8` }, 200, 'AA'],
    ['in enhanced mode: one answer all the same', admission('H-5', { 15: 'NE', 16: 'NE' }), {}, 200, 'AA'],
    ['of another sender than the token is for', admission('H-6'), { authorization: 'Bearer token-of-DS' }, 403, 'AR'],
    ['of an unknown sender', admission('H-7', { 4: 'NOBODY' }), {}, 403, 'AR'],
    ['of another type', admission('H-8', { 9: 'ORU^R01' }), {}, 422, 'AR'],
    ['in a frame of MLLP', frame(admission('H-10')), {}, 200, 'AA'],
    ['of nothing', Buffer.alloc(0), {}, 400, 'AR'],
    ['of JSON', Buffer.from('{}'), {}, 400, 'AR'],
    ['of a party', admission('H-9'), { authorization: 'Bearer token-of-0184' }, 403, 'BRY-3002'],
    ['of nobody', admission('H-9'), { authorization: '' }, 401, 'BRY-3001'],
    ['as text', admission('H-9'), { 'content-type': 'text/plain' }, 415, 'BRY-3006'],
    [
      'in a charset that nobody knows',
      admission('H-9'),
      { 'content-type': `${TYPE}; charset=klingon` },
      415,
      'BRY-3006',
    ],
    [
      'in another charset than MSH-18 says',
      admission('Å'),
      { 'content-type': `${TYPE}; charset=iso-8859-1` },
      415,
      'BRY-3006',
    ],
    ['in a charset that only HTTP tells', latin, { 'content-type': `${TYPE}; charset=iso-8859-1` }, 415, 'BRY-3006'],
    ['that unpacks to too much', gzipSync(Buffer.alloc(2e8)), { 'content-encoding': 'gzip' }, 415, 'BRY-3006'],
    ['that is too large', Buffer.alloc(LARGEST + 1, 'x'), {}, 413, 'BRY-3011'],
  ])('a request %s', async (_, body, headers, status, code) => {
    const answer = await door.post(body, headers);
    expect([answer.status, codeIn(await answer.text())]).toEqual([status, code]);
  });

  it('answers each message of a batch in one batch', async () => {
    const body = Buffer.concat([Buffer.from('BHS|^~\\&\r'), admission('H-10'), admission('H-11', { 4: 'NOBODY' })]);
    const answer = await door.post(body);
    const text = await answer.text();
    expect([answer.status, [...text.matchAll(/\rMSA\|(\w\w\|[^|\r]+)/g)].map(([, told]) => told)]).toEqual([
      403,
      ['AA|H-10', 'AR|H-11'],
    ]);
  });

  it('has no answer for an answer', async () => {
    const answer = await door.post(Buffer.from('MSH|^~\\&|J|KS|||2026||ACK|A-1|P|2.5.1\rMSA|AA|x\r'));
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  it('waits while the clock is moved', async () => {
    await door.post(admission('H-12'));
    await door.intake.hold();
    let isAnswered = false;
    const waiting = door.post(admission('H-13')).finally(() => (isAnswered = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isAnswered).toBe(false);
    door.intake.release();
    expect((await waiting).status).toBe(200);
  });
});

it('says "send again" while Kafka is away, and recovers by itself', async () => {
  const spare = await startSpareKafka();
  const door = await doorAt(spare.brokers);
  try {
    expect((await door.post(admission('K-1'))).status).toBe(200);
    spare.pause();
    const answer = await door.post(admission('K-2'));
    expect([answer.status, answer.headers.get('retry-after'), codeIn(await answer.text())]).toEqual([503, '2', 'AE']);
    spare.resume();
    let status = 0;
    while (status !== 200) ({ status } = await door.post(admission('K-2')));
    const stored = await readTopic(door.kafka, door.inbound, 2);
    expect(new Set(stored.map(({ id }) => id))).toEqual(
      new Set(['K-1', 'K-2'].map((id) => ids.inbound('KS', admission(id)))),
    );
  } finally {
    await close(door);
    await spare.stop();
  }
});
