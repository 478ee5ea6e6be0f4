import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, MessageHeader } from 'fhir/r4.js';
import { EXTENSION, maySay } from '#libs/fhir';
import {
  INCOMING_EXAMPLES,
  planningMessage,
  WARD_PLANNING_EXAMPLES,
  wrongExample,
} from '../../../../libs/fhir/definitions/incoming-examples.ts';
import { observation, partyMessage } from '../../../../libs/fhir/definitions/incoming-message.ts';
import { need, summary, WaysInByHttp } from '../../test/ways-in-by-http.ts';

let ways: WaysInByHttp;

beforeAll(async () => {
  ways = await WaysInByHttp.start();
});
afterAll(() => ways.close());

const ground = (code: string) => [
  { url: EXTENSION.disclosureBasis, valueCoding: { system: 'https://bryggan.example/fhir/CodeSystem/ground', code } },
];
const contact = [{ resourceType: 'PractitionerRole' as const, practitioner: { display: 'Test Testsson' } }];

describe('POST /fhir/$process-message', () => {
  it('keeps a message and acknowledges it, and the same message again gets the same bytes', async () => {
    ways.stored += 1;
    const first = await ways.post(need('m1'));
    expect(summary(first)).toBe('200 ok');
    const acknowledgement = JSON.parse(first.text) as Bundle;
    expect(acknowledgement.entry?.[0]?.resource).toMatchObject({
      destination: [{ endpoint: 'urn:bryggan:sender:KS' }],
      response: { identifier: 'm1', code: 'ok' },
    });
    expect(await ways.post(need('m1'))).toEqual(first);
    // Written anew: other order, other white space.
    const { entry, ...rest } = need('m1');
    expect(await ways.post(JSON.stringify({ entry, ...rest }, null, 2))).toEqual(first);
  });

  it('resent with a new Bundle.id and new times it is the same message (MR7), and its new id is its own from then on', async () => {
    ways.stored += 1;
    const first = await ways.post(need('m2'));
    const again = { ...need('m2'), id: 'another', timestamp: '2026-05-10T16:00:00+02:00' };
    expect(await ways.post(again)).toEqual(first);
    expect(summary(await ways.post({ ...need('m3'), id: 'another' }))).toBe('422 fatal-error BRY-3018');
  });

  it('refuses a Bundle.id with a new header, and a header with new content, for ever', async () => {
    ways.stored += 1;
    const first = await ways.post(need('m4'));
    expect(summary(await ways.post({ ...need('m5'), id: 'bundle-m4' }))).toBe('422 fatal-error BRY-3018');
    const changed = need('m4', { facts: [observation('NEED', ['ROV'])] });
    expect(summary(await ways.post(changed))).toBe('422 fatal-error BRY-3018');
    expect(summary(await ways.post({ ...changed, id: 'new' }))).toBe('422 fatal-error BRY-3018');
    expect(await ways.post(need('m4'))).toEqual(first);
  });

  it('another sender may use the same ids', async () => {
    ways.stored += 1;
    expect(summary(await ways.post(need('m1', { sender: 'OS' }), 'sender:OS'))).toBe('200 ok');
  });

  it('two at once get one answer', async () => {
    ways.stored += 1;
    const answers = await Promise.all(Array.from({ length: 20 }, () => ways.post(need('m6'))));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it.each([...INCOMING_EXAMPLES.keys()])(
    'takes %s of whom it may come from, and refuses what is not whole, alike each time',
    async (code) => {
      const right = INCOMING_EXAMPLES.get(code)!;
      const endpoint = (right.entry?.[0]?.resource as MessageHeader).source.endpoint;
      const from = endpoint.replace('urn:bryggan:', '').replace('party:', '');
      ways.stored += 1;
      expect(summary(await ways.post(right, from))).toMatch(/^200 ok/);
      const [role, other] = from === 'sender:KS' ? (['party', '0184'] as const) : (['ward', 'sender:KS'] as const);
      const foreign = maySay(code, role)
        ? '403 fatal-error BRY-2061 Bundle.entry[0].resource.source.endpoint'
        : '403 fatal-error BRY-2060 Bundle.entry[0].resource.eventCoding';
      expect(summary(await ways.post(right, other))).toBe(foreign);
      const wrong = JSON.parse(
        JSON.stringify(wrongExample(code)).replaceAll(`example-${code.toLowerCase()}`, `wrong-${code}`),
      ) as Bundle;
      const refused = await ways.post(wrong, from);
      expect(summary(refused)).toMatch(/^422 fatal-error BRY-2053 Bundle\.entry/);
      expect(await ways.post(wrong, from)).toEqual(refused);
    },
  );

  it.each([...WARD_PLANNING_EXAMPLES])('takes %s of a ward, about a visit of its own', async (_code, bundle) => {
    ways.stored += 1;
    expect(summary(await ways.post(bundle))).toBe('200 ok');
  });

  it('refuses a wrong check digit alike each time, sooner and later', async () => {
    const identifier = [{ system: 'http://electronichealth.se/identifier/personnummer', value: '191212121213' }];
    const wrong = need('y0', { patient: { identifier } });
    const refused = await ways.post(wrong);
    expect(summary(refused)).toBe('422 fatal-error BRY-2006 Bundle.entry[2].resource.identifier[0].value');
    expect(await ways.post(wrong)).toEqual(refused);
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
    expect(summary(await ways.post(bundle, from))).toBe(expected);
  });

  it('a correction of what never came is kept, and the sender is told what is missing', async () => {
    ways.stored += 2;
    const facts = [observation('NEED', ['SOC'], { status: 'corrected' })];
    const corrects = { role: 'revision', previous: 'never-came' } as const;
    expect(summary(await ways.post(need('m7', { facts, corrects })))).toMatch(
      /^200 ok BRY-2062 Bundle\.entry\[\d\]\.resource\.entity\[0\]\.what$/,
    );
    expect(summary(await ways.post(need('m8', { facts, corrects: { role: 'revision', previous: 'm1' } })))).toBe(
      '200 ok',
    );
    // Sent again it is the same message, and lost once.
    await ways.post(need('m7', { facts, corrects }));
    expect(await ways.metrics.text()).toContain('missing_predecessors_total{sender="KS"} 1\n');
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
    expect(summary(await ways.post(bundle, as))).toBe(expected);
  });

  it('held, it takes nothing in; released, it goes on', async () => {
    ways.stored += 1;
    await ways.intake.hold();
    let isAnswered = false;
    const waiting = ways.post(need('m9')).finally(() => (isAnswered = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isAnswered).toBe(false);
    ways.intake.release();
    expect(summary(await waiting)).toBe('200 ok');
  });
});

it('everything that was acknowledged is on inbound once, byte for byte, and nothing that was refused', () =>
  ways.expectStored());
