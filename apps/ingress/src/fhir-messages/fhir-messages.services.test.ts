import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Bundle, MessageHeader, OperationOutcome } from 'fhir/r4.js';
import { createServer } from 'node:http';
import { createConnection, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { connectKafka, ensureTopics, topicDefinitions, topicNames, type KafkaPort } from '#libs/messaging';
import { EXTENSION, maySay } from '#libs/fhir';
import { Callers, CurrentCounty, type Role } from '#libs/county';
import { Health, IdMaker, Metrics, readConfiguration, silentLog } from '#libs/platform';
import {
  INCOMING_EXAMPLES,
  planningMessage,
  WARD_PLANNING_EXAMPLES,
  wrongExample,
} from '../../../../libs/fhir/definitions/incoming-examples.ts';
import {
  observation,
  partyMessage,
  wardMessage,
  type IncomingExample,
} from '../../../../libs/fhir/definitions/incoming-message.ts';
import { until } from '../../../../test/hub/until.ts';
import { readTopic } from '../../../../test/services/read-topic.ts';
import {
  createTestDatabase,
  testServices,
  topicPrefix,
  type TestDatabase,
} from '../../../../test/services/services.ts';
import { HttpIntake } from '../answered-requests/http-intake.ts';
import { Hl7v2Intake } from '../hl7v2-over-http/hl7v2-intake.ts';
import { IngressModule } from '../ingress.module.ts';

const COUNTY = join(import.meta.dirname, '../../../../deploy/county');
const NOW = Date.parse('2026-05-20T12:00:00+02:00');
const county = new CurrentCounty(COUNTY);
const ids = new IdMaker(Buffer.alloc(32, 7));
const topics = topicNames(topicPrefix('fhir-messages'));
const token = (name: string) => `${name.replaceAll(/[^A-Za-z0-9]/g, '-')}-token-of-twenty-letters`;
const caller = (name: string, party: string, role: Role) => ({ name, party, roles: [role], token: token(name) });

const metrics = new Metrics();
let database: TestDatabase;
let kafka: KafkaPort;
let app: INestApplication;
let intake: HttpIntake;
let startIntake: () => HttpIntake;
/** Sender -> where answers to it may go. */
const responseAddresses = new Map<string, string[]>();
let base: string;
/** Records that must be on `inbound` in the end. */
let stored = 0;

beforeAll(async () => {
  database = await createTestDatabase('fhir-messages');
  const { brokers } = testServices();
  kafka = connectKafka({ brokers, clientId: 'fhir-messages-test', log: silentLog });
  const definitions = topicDefinitions(topics, { parties: [], senders: [], embedded: true });
  await ensureTopics(
    kafka,
    definitions.filter(({ name }) => name === topics.inbound),
  );
  const configuration = readConfiguration(
    { NODE_ENV: 'test' },
    { brokers, databaseUrl: database.url, countyDir: COUNTY, embedded: true },
  );
  const clock = { now: () => NOW, driven: true };
  const health = new Health();
  const addresses = { responseAddresses: (of: string) => responseAddresses.get(of) ?? [] };
  startIntake = () =>
    new HttpIntake({ configuration, clock, county: addresses, ids, kafka, log: silentLog, metrics, topics });
  intake = startIntake();
  const callers = new Callers([
    caller('sender:KS', 'SE2321000016-1000', 'sender'),
    caller('sender:OS', 'SE2321000016-1100', 'sender'),
    caller('0184', '0184', 'party'),
    caller('SE2321000016-2001', 'SE2321000016-2001', 'party'),
    caller('operator', 'operator', 'operator'),
  ]);
  const front = HttpModule.register({
    settings: { ...configuration.http, requestsPerSecond: 10_000 },
    callers,
    health,
    log: silentLog,
    metrics,
  });
  const hl7v2 = new Hl7v2Intake({ configuration, clock, county, ids, kafka, log: silentLog, metrics, topics });
  const known = Object.assign(county.snapshot(), addresses);
  const ways = IngressModule.register(
    { configuration, clock, county: known, health, ids, log: silentLog },
    intake,
    hl7v2,
  );
  const root = { module: class {}, imports: [front, ways] };
  app = await NestFactory.create(root, HTTP_APPLICATION);
  await app.listen(0, '127.0.0.1');
  base = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await kafka.close();
  await database.drop();
});

interface Told {
  readonly status: number;
  readonly text: string;
}

async function post(
  body: string | Uint8Array | object,
  as = 'sender:KS',
  headers: Record<string, string> = {},
  query = '',
): Promise<Told> {
  const response = await fetch(`${base}/fhir/$process-message${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token(as)}`, 'content-type': 'application/fhir+json', ...headers },
    body: (typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)) as BodyInit,
  });
  return { status: response.status, text: await response.text() };
}

function outcomeIn(resource: unknown): OperationOutcome | undefined {
  const found = resource as Bundle | OperationOutcome;
  if (found.resourceType === 'OperationOutcome') return found;
  return found.entry?.map((entry) => entry.resource).find((one) => one?.resourceType === 'OperationOutcome') as
    OperationOutcome | undefined;
}

/** `200 ok`, `422 fatal-error BRY-2053 <place>`. */
function summary({ status, text }: Told): string {
  const resource: unknown = JSON.parse(text);
  const [head] = (resource as Bundle).entry ?? [];
  const code = (head?.resource as MessageHeader | undefined)?.response?.code ?? '-';
  const issues =
    outcomeIn(resource)?.issue.map((one) =>
      `${one.details?.coding?.[0]?.code ?? ''} ${one.expression?.[0] ?? ''}`.trim(),
    ) ?? [];
  return [status, code, ...issues].join(' ');
}

const ground = (code: string) => [
  { url: EXTENSION.disclosureBasis, valueCoding: { system: 'https://bryggan.example/fhir/CodeSystem/ground', code } },
];
const contact = [{ resourceType: 'PractitionerRole' as const, practitioner: { display: 'Test Testsson' } }];
const need = (id: string, more: Partial<IncomingExample> = {}): Bundle =>
  wardMessage({ id, code: 'NEED', sender: 'KS', facts: [observation('NEED', ['SOC'])], ...more });

describe('POST /fhir/$process-message', () => {
  it('keeps a message and acknowledges it, and the same message again gets the same bytes', async () => {
    stored += 1;
    const first = await post(need('m1'));
    expect(summary(first)).toBe('200 ok');
    const acknowledgement = JSON.parse(first.text) as Bundle;
    expect(acknowledgement.entry?.[0]?.resource).toMatchObject({
      destination: [{ endpoint: 'urn:bryggan:sender:KS' }],
      response: { identifier: 'm1', code: 'ok' },
    });
    expect(await post(need('m1'))).toEqual(first);
    // Written anew: other order, other white space.
    const { entry, ...rest } = need('m1');
    expect(await post(JSON.stringify({ entry, ...rest }, null, 2))).toEqual(first);
  });

  it('resent with a new Bundle.id and new times it is the same message (MR7), and its new id is its own from then on', async () => {
    stored += 1;
    const first = await post(need('m2'));
    const again = { ...need('m2'), id: 'another', timestamp: '2026-05-10T16:00:00+02:00' };
    expect(await post(again)).toEqual(first);
    expect(summary(await post({ ...need('m3'), id: 'another' }))).toBe('422 fatal-error BRY-3018');
  });

  it('refuses a Bundle.id with a new header, and a header with new content, for ever', async () => {
    stored += 1;
    const first = await post(need('m4'));
    expect(summary(await post({ ...need('m5'), id: 'bundle-m4' }))).toBe('422 fatal-error BRY-3018');
    const changed = need('m4', { facts: [observation('NEED', ['ROV'])] });
    expect(summary(await post(changed))).toBe('422 fatal-error BRY-3018');
    expect(summary(await post({ ...changed, id: 'new' }))).toBe('422 fatal-error BRY-3018');
    expect(await post(need('m4'))).toEqual(first);
  });

  it('another sender may use the same ids', async () => {
    stored += 1;
    expect(summary(await post(need('m1', { sender: 'OS' }), 'sender:OS'))).toBe('200 ok');
  });

  it('two at once get one answer', async () => {
    stored += 1;
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(need('m6'))));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it.each([...INCOMING_EXAMPLES.keys()])(
    'takes %s of whom it may come from, and refuses what is not whole, alike each time',
    async (code) => {
      const right = INCOMING_EXAMPLES.get(code)!;
      const endpoint = (right.entry?.[0]?.resource as MessageHeader).source.endpoint;
      const from = endpoint.replace('urn:bryggan:', '').replace('party:', '');
      stored += 1;
      expect(summary(await post(right, from))).toMatch(/^200 ok/);
      const [role, other] = from === 'sender:KS' ? (['party', '0184'] as const) : (['ward', 'sender:KS'] as const);
      const foreign = maySay(code, role)
        ? '403 fatal-error BRY-2061 Bundle.entry[0].resource.source.endpoint'
        : '403 fatal-error BRY-2060 Bundle.entry[0].resource.eventCoding';
      expect(summary(await post(right, other))).toBe(foreign);
      const wrong = JSON.parse(
        JSON.stringify(wrongExample(code)).replaceAll(`example-${code.toLowerCase()}`, `wrong-${code}`),
      ) as Bundle;
      const refused = await post(wrong, from);
      expect(summary(refused)).toMatch(/^422 fatal-error BRY-2053 Bundle\.entry/);
      expect(await post(wrong, from)).toEqual(refused);
    },
  );

  it.each([...WARD_PLANNING_EXAMPLES])('takes %s of a ward, about a visit of its own', async (_code, bundle) => {
    stored += 1;
    expect(summary(await post(bundle))).toBe('200 ok');
  });

  it('refuses a wrong check digit alike each time, sooner and later', async () => {
    const identifier = [{ system: 'http://electronichealth.se/identifier/personnummer', value: '191212121213' }];
    const wrong = need('y0', { patient: { identifier } });
    const refused = await post(wrong);
    expect(summary(refused)).toBe('422 fatal-error BRY-2006 Bundle.entry[2].resource.identifier[0].value');
    expect(await post(wrong)).toEqual(refused);
  });

  it.each<[string, Bundle, string, string]>([
    [
      'a fixed contact by a board',
      partyMessage({
        ...{ id: 'y1', code: 'FVK', sender: '0184' },
        ...{ communication: { extension: ground('CONSENT') }, more: contact },
      }),
      '0184',
      '403 fatal-error BRY-2039 Bundle.entry[0].resource.eventCoding',
    ],
    [
      'a return for no reason',
      partyMessage({ id: 'y2', code: 'RET', sender: '0184' }),
      '0184',
      '422 fatal-error BRY-2053 Bundle.entry.resource.ofType(Communication).reasonCode',
    ],
    [
      'a question without a ground',
      partyMessage({
        ...{ id: 'y3', code: 'QUERY', sender: '0184' },
        communication: { payload: [{ contentString: 'Rullator?' }] },
      }),
      '0184',
      `422 fatal-error BRY-2040 Bundle.entry.resource.ofType(Communication).extension('${EXTENSION.disclosureBasis}')`,
    ],
    [
      'a call to a party that nobody knows',
      planningMessage({
        ...{ id: 'y4', code: 'SIP-CALL', sender: 'KS' },
        communication: { recipient: [{ reference: 'Organization/0000' }] },
      }),
      'sender:KS',
      '422 fatal-error BRY-2041 Bundle.entry.resource.ofType(Communication).recipient',
    ],
  ])('refuses %s, and says where and which rule', async (_what, bundle, from, expected) => {
    expect(summary(await post(bundle, from))).toBe(expected);
  });

  it('a correction of what never came is kept, and the sender is told what is missing', async () => {
    stored += 2;
    const facts = [observation('NEED', ['SOC'], { status: 'corrected' })];
    const corrects = { role: 'revision', previous: 'never-came' } as const;
    expect(summary(await post(need('m7', { facts, corrects })))).toMatch(
      /^200 ok BRY-2062 Bundle\.entry\[\d\]\.resource\.entity\[0\]\.what$/,
    );
    expect(summary(await post(need('m8', { facts, corrects: { role: 'revision', previous: 'm1' } })))).toBe('200 ok');
    // Sent again it is the same message, and lost once.
    await post(need('m7', { facts, corrects }));
    expect(await metrics.text()).toContain('missing_predecessors_total{sender="KS"} 1\n');
  });

  it.each<[string, string, Bundle, string]>([
    ['nobody', 'nobody', need('x1'), '401 - BRY-3001'],
    ['one who may only look', 'operator', need('x1'), '403 - BRY-3002'],
    ['another sender', 'sender:OS', need('x1'), '403 fatal-error BRY-2061 Bundle.entry[0].resource.source.endpoint'],
    [
      'a party that speaks for another',
      '0184',
      partyMessage({ id: 'x1', code: 'KVI', sender: '0182' }),
      '403 fatal-error BRY-2061 Bundle.entry[0].resource.source.endpoint',
    ],
  ])('%s is refused', async (_who, as, bundle, expected) => {
    expect(summary(await post(bundle, as))).toBe(expected);
  });

  it('held, it takes nothing in; released, it goes on', async () => {
    stored += 1;
    await intake.hold();
    let isAnswered = false;
    const waiting = post(need('m9')).finally(() => (isAnswered = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isAnswered).toBe(false);
    intake.release();
    expect(summary(await waiting)).toBe('200 ok');
  });
});

describe('asynchronously', () => {
  /** A system of a sender that takes answers; one that is told to fail answers 500. */
  const got: string[] = [];
  let failing = 0;
  const receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (failing > 0) failing -= 1;
      else got.push(text);
      response.statusCode = failing > 0 ? 500 : 200;
      response.end();
    });
  });
  let address: string;
  const later = (bundle: object, url = address, as = 'sender:KS') =>
    post(bundle, as, {}, `?async=true&response-url=${encodeURIComponent(url)}`);

  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const port = (receiver.address() as AddressInfo).port;
    address = `http://127.0.0.1:${port}/answers?unit=1`;
    responseAddresses.set('KS', [address, `http://127.0.0.1:${port}/other`]);
  });
  afterAll(() => {
    receiver.closeAllConnections();
    return new Promise((resolve) => receiver.close(resolve));
  });

  it('a message is taken in at once, and its answer comes at the address: the very one that the message gets otherwise', async () => {
    stored += 1;
    expect(await later(need('a1'))).toEqual({ status: 202, text: '' });
    await until('the answer', () => Promise.resolve(got.length === 1));
    expect(await post(need('a1'))).toEqual({ status: 200, text: got[0] });
    // Without an address the first that the county has is meant; asked for again, it comes again.
    expect((await post(need('a1'), 'sender:KS', {}, '?async=true')).status).toBe(202);
    await until('the answer again', () => Promise.resolve(got.length === 2));
    expect(got[1]).toBe(got[0]);
  });

  it('what is refused for good is told at the address too', async () => {
    expect((await later(need('a5', { facts: [] }))).status).toBe(202);
    await until('the refusal', () => Promise.resolve(got.length === 3));
    expect(summary({ status: 202, text: got[2] ?? '' })).toMatch(/^202 fatal-error BRY-2053/);
  });

  it('is tried until the address takes it, by whoever runs then', async () => {
    stored += 1;
    failing = 1_000_000;
    const before = got.length;
    expect((await later(need('a2'))).status).toBe(202);
    await until('tries', () => Promise.resolve(failing < 1_000_000));
    // Stopped, and another takes over what it left.
    await intake.stop();
    failing = 0;
    const other = startIntake();
    await other.start();
    await until('the answer', () => Promise.resolve(got.length > before));
    expect(summary({ status: 200, text: got.at(-1) ?? '' })).toBe('200 ok');
    await other.stop();
    await intake.start();
  });

  it.each<[string, string, string]>([
    ['another address', 'https://example.com/', 'sender:KS'],
    ['an address that only begins alike', 'http://127.0.0.1.example.com/', 'sender:KS'],
    ['an address inside the hub', 'http://169.254.169.254/latest/meta-data', 'sender:KS'],
    ['the address of another sender', '', 'sender:OS'],
  ])('is never sent to %s: the message is not taken in', async (_what, url, as) => {
    const bundle = need('a3', { sender: as.replace('sender:', '') });
    expect(summary(await later(bundle, url === '' ? address : url, as))).toBe('403 fatal-error BRY-3022 response-url');
  });

  it('what of the address cannot be read is refused', async () => {
    expect(summary(await post(need('a4'), 'sender:KS', {}, '?async=perhaps'))).toBe('400 - BRY-3007 async');
  });
});

describe('bad input is refused with its reason, and nothing is half done', () => {
  const TEXT = JSON.stringify(need('bad'));
  const deep = `${TEXT.slice(0, -1)},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const many = {
    ...need('bad'),
    entry: [...(need('bad').entry ?? []), ...Array.from({ length: 10_000 }, () => ({ resource: {} }))],
  };
  const unknown = need('bad-code', { facts: [observation('NEED', ['SOCIAL'])] });
  it.each<[string, string | Uint8Array | object, Record<string, string>, string]>([
    ['nothing', '', {}, '400 - BRY-3010'],
    ['no JSON', '{', {}, '400 - BRY-3010'],
    ['Latin-1', Buffer.from(TEXT.replace('Exempelgatan', 'Örngatan'), 'latin1'), {}, '400 - BRY-3019'],
    ['Latin-1 that says so', TEXT, { 'content-type': 'application/fhir+json; charset=iso-8859-1' }, '415 - BRY-3006'],
    ['NUL', TEXT.replace('Exempelgatan', 'Exempel\\u0000gatan'), {}, '400 - BRY-3014'],
    ['a name twice', TEXT.replace('"type":"message"', '"type":"message","type":"batch"'), {}, '400 - BRY-3020'],
    ['nesting without end', deep, {}, '400 - BRY-3021'],
    ['10 MB', 'x'.repeat(10_000_000), {}, '413 - BRY-3011'],
    ['gzip', gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' }, '415 - BRY-3006'],
    ['gzip that does not say so', gzipSync(TEXT), {}, '400 - BRY-3019'],
    ['XML', '<Bundle xmlns="http://hl7.org/fhir"/>', { 'content-type': 'application/fhir+xml' }, '415 - BRY-3006'],
    ['HL7 v2', 'MSH|^~\\&|', { 'content-type': 'x-application/hl7-v2+er7' }, '415 - BRY-3006'],
    ['no type', TEXT, { 'content-type': '' }, '415 - BRY-3006'],
    ['a Bundle with 10 000 entries', many, {}, '422 - BRY-2051 Bundle.entry'],
    ['no message', { resourceType: 'Patient' }, {}, '422 - BRY-2050 Bundle.type'],
    [
      'an unknown event',
      need('bad', { code: 'ADMIT' }),
      {},
      '422 fatal-error BRY-2052 Bundle.entry[0].resource.eventCoding',
    ],
    [
      'an unknown code',
      unknown,
      {},
      `422 fatal-error BRY-2056 Bundle.entry[5].resource.valueCodeableConcept BRY-2053 Bundle.entry.resource.ofType(Observation).where(code.coding.code = 'NEED')`,
    ],
    ['an acknowledgement', need('bad', { code: 'ACK' }), {}, '422 - BRY-2052 Bundle.entry[0].resource.eventCoding'],
  ])('%s', async (_what, body, headers, expected) => {
    expect(summary(await post(body, 'sender:KS', headers))).toBe(expected);
  });

  it('a body that breaks off keeps nothing', async () => {
    const { port } = new URL(base);
    const head = `POST /fhir/$process-message HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token('sender:KS')}\r\ncontent-type: application/fhir+json\r\ncontent-length: ${TEXT.length + 1}\r\n\r\n`;
    const socket = createConnection(Number(port), '127.0.0.1', () => socket.end(head + TEXT));
    await new Promise((resolve) => socket.once('close', resolve).resume());
    // Its ids stand for nothing: the whole message may come later.
    stored += 1;
    expect(summary(await post(need('broken')))).toBe('200 ok');
  });
});

describe('bad input by every way in', () => {
  const DEEP = `{"code":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const MANY = JSON.stringify({
    resourceType: 'Bundle',
    type: 'message',
    entry: Array.from({ length: 10_000 }, () => ({})),
  });
  const BODIES: readonly (readonly [what: string, body: string | Uint8Array, headers?: Record<string, string>])[] = [
    ['nothing', ''],
    ['half a JSON', '{"code":'],
    ['nesting without end', DEEP],
    ['a name twice', '{"code":"KVI","code":"RET"}'],
    ['NUL', '{"code":"KVI\\u0000"}'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ['10 MB', 'x'.repeat(10_000_000)],
    ['a zip bomb', gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' }],
    ['another type', '{}', { 'content-type': 'text/plain' }],
    ['10 000 entries', MANY],
    ['an unknown code', '{"code":"GOSSIP","resourceType":"Task","status":"sung"}'],
    ['a list', '[]'],
  ];
  const JSON_TYPE = 'application/json';
  const WAYS: readonly (readonly [way: string, as: string, type: string])[] = [
    ['POST /fhir/$process-message', 'sender:KS', 'application/fhir+json'],
    ['POST /hl7v2', 'sender:KS', 'x-application/hl7-v2+er7'],
    ['POST /notices', 'sender:KS', JSON_TYPE],
    ['POST /replies', '0184', JSON_TYPE],
    ['PUT /fhir/Task/t1', '0184', 'application/fhir+json'],
    ['POST /persons', 'sender:KS', JSON_TYPE],
  ];

  it.each(WAYS.flatMap((way) => BODIES.map((body) => [way[0], body[0], way, body] as const)))(
    '%s refuses %s with a code of the table',
    async (_way, _what, [way, as, type], [, body, headers]) => {
      const [method = '', path = ''] = way.split(' ');
      const response = await fetch(`${base}${path}`, {
        ...{ method, body: body as BodyInit },
        headers: {
          ...{ authorization: `Bearer ${token(as)}`, 'content-type': type, 'idempotency-key': 'bad-input' },
          ...headers,
        },
      });
      const text = await response.text();
      expect([response.status >= 400 && response.status < 500, /BRY-\d{4}|MSA\|(?:AR|CR)/.test(text)]).toEqual([
        true,
        true,
      ]);
    },
  );

  it('leaves the hub as it was', async () => {
    stored += 1;
    expect(summary(await post(need('after-all')))).toBe('200 ok');
  });
});

describe('in the end', () => {
  it('everything that was acknowledged is on inbound once, byte for byte, and nothing that was refused', async () => {
    const records = await readTopic(kafka, topics.inbound, stored);
    const byId = new Map(records.map((record) => [record.id, record]));
    expect([byId.size, records.length]).toEqual([stored, stored]);
    for (const { kind, headers, value } of records) {
      expect(kind).toBe('fhir-message');
      expect(headers).toMatchObject({ 'content-type': 'application/fhir+json', intake: new Date(NOW).toISOString() });
      expect(['KS', 'OS', '0184', 'SE2321000016-2001']).toContain(headers['sender']);
      expect(JSON.stringify(headers)).not.toContain('191212121212');
      expect((JSON.parse(value.toString()) as Bundle).resourceType).toBe('Bundle');
    }
  });
});
