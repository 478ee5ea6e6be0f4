import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { observation } from '../../../libs/fhir/definitions/incoming-message.ts';
import { need, summary, token, WaysInByHttp } from '../test/ways-in-by-http.ts';

let ways: WaysInByHttp;

beforeAll(async () => {
  ways = await WaysInByHttp.start();
});
afterAll(() => ways.close());

describe('bad input is refused with its reason, and nothing is half done', () => {
  const TEXT = JSON.stringify(need('bad'));
  const deep = `${TEXT.slice(0, -1)},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const many = {
    ...need('bad'),
    entry: [...(need('bad').entry ?? []), ...Array.from({ length: 10_000 }, () => ({ resource: {} }))],
  };
  const unknown = need('bad-code', { facts: [observation('NEED', ['SOCIAL'])] });
  it.each<[string, string | Uint8Array | object, Record<string, string>, string]>([
    ['nothing', '', {}, '400 - BRY-1013'],
    ['no JSON', '{', {}, '400 - BRY-3010'],
    ['Latin-1', Buffer.from(TEXT.replace('Exempelgatan', 'Örngatan'), 'latin1'), {}, '400 - BRY-3019'],
    ['Latin-1 that says so', TEXT, { 'content-type': 'application/fhir+json; charset=iso-8859-1' }, '415 - BRY-3006'],
    ['NUL', TEXT.replace('Exempelgatan', 'Exempel\\u0000gatan'), {}, '400 - BRY-3014'],
    ['a name twice', TEXT.replace('"type":"message"', '"type":"message","type":"batch"'), {}, '400 - BRY-3020'],
    ['nesting without end', deep, {}, '400 - BRY-3021'],
    ['10 MB', 'x'.repeat(10_000_000), {}, '413 - BRY-3011'],
    ['gzip', gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' }, '415 - BRY-3006'],
    ['gzip that does not say so', gzipSync(TEXT), {}, '400 - BRY-1015'],
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
    expect(summary(await ways.post(body, 'sender:KS', headers))).toBe(expected);
  });

  it('a body that breaks off keeps nothing', async () => {
    const { port } = new URL(ways.base);
    const head = `POST /fhir/$process-message HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token('sender:KS')}\r\ncontent-type: application/fhir+json\r\ncontent-length: ${TEXT.length + 1}\r\n\r\n`;
    const socket = createConnection(Number(port), '127.0.0.1', () => socket.end(head + TEXT));
    await new Promise((resolve) => socket.once('close', resolve).resume());
    // Its ids stand for nothing: the whole message may come later.
    ways.stored += 1;
    expect(summary(await ways.post(need('broken')))).toBe('200 ok');
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
      const response = await fetch(`${ways.base}${path}`, {
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
    ways.stored += 1;
    expect(summary(await ways.post(need('after-all')))).toBe('200 ok');
  });
});

it('everything that was acknowledged is on inbound once, byte for byte, and nothing that was refused', () =>
  ways.expectStored());
