import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { list, object, type Json } from '../../apps/simulator/src/hub/hub-client.ts';
import { breachesOf, headerBreaches } from '../conformance/contracts.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';
import { CLINIC, SOLNA } from '../hub/ward.ts';

/** Wards with nothing but a form, and recipients that answer: the whole way, over HTTP and Kafka. */
const START = Date.parse('2026-05-04T08:00:00+02:00');
const HOSPITAL = 'SE2321000016-1000';
const PERSON = {
  identity: { type: 'personnummer', value: '191212121212' },
  ...{ family: 'Tolvansson', given: ['Tolvan'], listedClinic: CLINIC },
  address: { lines: ['Exempelgatan 1'], postalCode: '17101', city: 'Solna', municipality: '0184' },
};
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('people', { clockStart: START });
});
afterAll(async () => {
  await hub.dispose();
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Answered {
  readonly status: number;
  readonly body: Json;
}

async function post(path: string, caller: string, body: unknown, more: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(`${hub.http}${path}`, {
    method: path.startsWith('/fhir') ? 'PUT' : 'POST',
    headers: { authorization: `Bearer ${hub.token(caller)}`, 'content-type': 'application/json', ...more },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: object(await response.json()) };
}

const notice = (code: string, content: object = {}, key: string = randomUUID(), admitted = '2026-05-04T07:30') =>
  post(
    '/notices',
    'sender:KS',
    { code, ward: 'SE2321000016-1002', person: PERSON, stay: { admitted }, ...content },
    { 'idempotency-key': key },
  );
const reply = (party: string, form: object, key: string = randomUUID()) =>
  post('/replies', party, form, { 'idempotency-key': key });
const errorsIn = ({ body }: Answered): string[] =>
  list(body['issue']).map((issue) => {
    const [coding] = list(object(object(issue)['details'])['coding']);
    return text(object(coding)['code']);
  });

/** A stay that a form made, and the notice of it that a party has. */
async function told(party: string, admitted: string): Promise<{ readonly stay: string; readonly about: string }> {
  const taken = await notice('INS', { need: ['SOC', 'ROV'] }, randomUUID(), admitted);
  expect(taken.status).toBe(202);
  const stay = text(taken.body['stay']);
  const own = (await hub.settled()).notices.find(({ stayId, recipient }) => stayId === stay && recipient === party);
  return { stay, about: own?.deliveryId ?? '' };
}

/** Answers that the hospital has been told of a stay, by code. */
async function answersOf(stay: string): Promise<Json[]> {
  const records = (await hub.settled()).on(hub.topics.deliveries(HOSPITAL)).filter(({ key }) => key === stay);
  return records.map(({ kind, value, headers }) => {
    expect(kind).toBe('answer');
    const bundle = object(JSON.parse(value.toString()));
    expect([breachesOf('deliveries', bundle), headerBreaches(headers)]).toEqual([[], []]);
    const communication = list(bundle['entry'])
      .map((entry) => object(object(entry)['resource']))
      .find(({ resourceType }) => resourceType === 'Communication');
    return communication ?? {};
  });
}
const codeOf = (communication: Json): string =>
  text(object(list(object(list(communication['category'])[0])['coding'])[0])['code']);

/** `QUERY completed` */
const said = (bundle: Json): string => {
  const resources = list(bundle['entry']).map((entry) => object(object(entry)['resource']));
  const communication = resources.find(({ resourceType }) => resourceType === 'Communication') ?? {};
  return `${codeOf(communication)} ${text(communication['status'])}`;
};

describe('a ward without a record system', () => {
  it('tells by forms what a machine message would have told, once however often a form comes', async () => {
    const key = randomUUID();
    const first = await notice('INS', { need: ['SOC', 'ROV'], expectedDischarge: '2026-05-08' }, key);
    const again = await notice('INS', { need: ['SOC', 'ROV'], expectedDischarge: '2026-05-08' }, key);
    expect([first.status, again]).toEqual([202, first]);
    expect((await notice('BUT', { expectedDischarge: '2026-05-09' })).body['stay']).toBe(first.body['stay']);
    await notice('CONSENT', { given: true });
    await notice('UTK');
    const seen = (await hub.settled()).told(text(first.body['stay']));
    expect(seen).toEqual({ [SOLNA]: ['INS', 'BUT', 'UTK'], [CLINIC]: ['INS', 'BUT', 'UTK'] });
  });

  it('is told at once all that is wrong, and nothing is kept', async () => {
    const key = randomUUID();
    const wrong = { ...PERSON, identity: { type: 'personnummer', value: '191212121213' } };
    const refused = await notice('UTS', { discharged: '2026-02-30', person: wrong }, key);
    expect([refused.status, errorsIn(refused)]).toEqual([422, ['BRY-2006', 'BRY-2008']]);
    // The key stands for nothing yet: the mended form has it.
    expect((await notice('LEAVE-START', { happened: '2026-05-04T07:45' }, key)).status).toBe(202);
    expect(errorsIn(await notice('LEAVE-END', { happened: '2026-05-04T07:50' }, key))).toEqual(['BRY-3018']);
    expect((await post('/notices', 'sender:KS', {})).status).toBe(400);
    expect((await post('/notices', SOLNA, {}, { 'idempotency-key': 'a' })).status).toBe(403);
    expect((await post('/notices', 'sender:KS', {}, { 'idempotency-key': '19121212-1212' })).status).toBe(400);
  });

  it('records a fax that was sent all the same (TEK-02)', async () => {
    const happened = '2026-05-04T07:40';
    const call = { recipient: SOLNA, channel: 'fax', notice: 'INS', reason: 'Systemet nere', happened };
    const taken = await notice('CALL', call);
    const [record] = (await hub.settled()).on(hub.topics.events).filter(({ id }) => id === taken.body['id']);
    expect(record?.kind).toBe('operator-event');
    expect(breachesOf('events', JSON.parse(record?.value.toString() ?? 'null'))).toEqual([]);
  });

  it('may ask who a person is; the question is written down', async () => {
    const ask = (value: string, caller = 'sender:KS') =>
      post('/persons', caller, { code: 'PERSON', identity: { type: 'personnummer', value }, purpose: 'NOTICE' });
    const found = await ask('191212121212');
    expect(found.status).toBe(200);
    expect(found.body).toMatchObject({ family: 'Tolvansson', address: { municipality: '0184' } });
    const guarded = await ask('189012259801');
    expect(guarded.body).toMatchObject({ protection: 'sekretessmarkering' });
    expect(guarded.body).not.toHaveProperty('address');
    expect(guarded.body).not.toHaveProperty('listedClinic');
    expect((await ask('189001019802')).status).toBe(404);
    expect(errorsIn(await ask('191212121213'))).toEqual(['BRY-2006']);
    expect((await ask('191212121212', SOLNA)).status).toBe(403);
  });
});

describe('a recipient that answers', () => {
  it('does so over HTTP, by its Task and on its own topic, and the ward has each answer once', async () => {
    const { stay, about } = await told(SOLNA, '2026-05-03');
    const key = randomUUID();
    const kvi = { code: 'KVI', stay, about };
    const first = await reply(SOLNA, kvi, key);
    expect(first.status).toBe(202);
    expect(await reply(SOLNA, kvi, key)).toEqual(first);
    const task = {
      ...{ resourceType: 'Task', id: 't1', status: 'in-progress', intent: 'order' },
      encounter: { reference: `Encounter/${stay}` },
      focus: { reference: `Communication/${about}` },
    };
    expect((await post('/fhir/Task/t1', SOLNA, task)).status).toBe(202);
    const info = { code: 'PLAN-INFO', stay, about, text: 'Hemtjänst finns.', grounds: ['CONSENT'] };
    await write(SOLNA, JSON.stringify(info));
    await write(SOLNA, JSON.stringify(info));
    await until('three answers', async () => (await answersOf(stay)).length >= 3);
    const answers = await answersOf(stay);
    expect(answers.map(codeOf).sort()).toEqual(['KVI', 'PLAN', 'PLAN-INFO']);
    for (const answer of answers) {
      expect(answer['inResponseTo']).toEqual([{ reference: `Communication/${about}` }]);
      expect(answer['sender']).toEqual({ reference: `Organization/${SOLNA}` });
    }
    const informed = answers.filter((answer) => codeOf(answer) === 'PLAN-INFO');
    expect(JSON.stringify(informed)).toContain('CONSENT');
    // Nobody else has any of it.
    const others = (await hub.outcome()).records.filter(
      ({ topic, kind }) => kind === 'answer' && topic !== hub.topics.deliveries(HOSPITAL),
    );
    expect(others).toEqual([]);
  });

  it('takes an answer back, and its own alone', async () => {
    const { stay, about } = await told(SOLNA, '2026-05-02');
    const plan = await reply(SOLNA, { code: 'PLAN', stay, about });
    const back = await reply(SOLNA, { code: 'PLAN', stay, about, withdraws: plan.body['id'] });
    expect(back.status).toBe(202);
    await reply(SOLNA, { code: 'PLAN', stay, about, withdraws: randomUUID() });
    const answers = await answersOf(stay);
    expect(answers.map(({ status }) => status)).toEqual(['completed', 'entered-in-error']);
  });

  it('tells the ward nothing that secrecy keeps: without a ground of its own it is refused, or told to nobody', async () => {
    const { stay, about } = await told(SOLNA, '2026-05-01');
    const question = { code: 'QUERY', stay, about, text: 'Behövs rullator?' };
    expect(errorsIn(await reply(SOLNA, question))).toEqual(['BRY-2040']);
    expect((await reply(SOLNA, { ...question, grounds: ['LPT_7A'] })).status).toBe(202);
    expect(errorsIn(await reply(SOLNA, { code: 'FVK', stay, about, confirmed: true, contact: { name: 'X' } }))).toEqual(
      ['BRY-2039', 'BRY-2040'],
    );
    expect(await answersOf(stay)).toEqual([]);
  });

  it('answers its own notices alone: another’s and one that never was are refused in the same words', async () => {
    const { stay, about } = await told(SOLNA, '2026-04-30');
    const taken = [
      await reply('0182', { code: 'KVI', stay, about }),
      await reply('0182', { code: 'KVI', stay, about: randomUUID() }),
      await reply('0182', { code: 'KVI', stay: randomUUID(), about }),
    ];
    expect(taken.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(await answersOf(stay)).toEqual([]);
    const ids = new Set(taken.map(({ body }) => body['id']));
    const rejected = (await hub.outcome())
      .on(hub.topics.rejected)
      .map(({ value }) => object(JSON.parse(value.toString())));
    const said = rejected
      .filter(({ inbound }) => ids.has(object(inbound)['id']))
      .map(({ outcome }) => JSON.stringify({ ...object(outcome), id: '' }));
    expect(said).toHaveLength(3);
    expect(new Set(said).size).toBe(1);
    expect(said[0]).toContain('BRY-2042');
    const found = async (party: string): Promise<string> => {
      const headers = { authorization: `Bearer ${hub.token(party)}` };
      return (await fetch(`${hub.http}/operations/rejected`, { headers })).text();
    };
    expect((await found('0182')).split('"sender":"0182"')).toHaveLength(4);
    expect(await found('0182')).toContain(`"controlId":"${about}"`);
    expect(await found(SOLNA)).not.toContain('"sender":"0182"');
  });

  it('the clinic of the region appoints a contact and calls to a plan those who have a notice of the stay', async () => {
    const { stay, about } = await told(CLINIC, '2026-04-29');
    await reply(CLINIC, { code: 'FVK', stay, about, confirmed: false, contact: { name: 'Test Testsson' } });
    const call = {
      code: 'SIP-CALL',
      stay,
      about,
      invited: [SOLNA, '0182'],
      at: '2026-05-10T10:00',
      grounds: ['CONSENT'],
    };
    await reply(CLINIC, call);
    expect((await answersOf(stay)).map(codeOf).sort()).toEqual(['FVK', 'SIP-CALL']);
    const seen = await hub.outcome();
    const calls = (party: string) => seen.on(hub.topics.deliveries(party)).filter(({ kind }) => kind === 'answer');
    expect([calls(SOLNA).length, calls('0182').length]).toEqual([1, 0]);
  });

  it('the ward speaks to those who were told: to each on a ground, and its answer to the one who asked', async () => {
    const admitted = '2026-04-25';
    const { stay, about } = await told(SOLNA, admitted);
    const heard = async (party: string) => {
      const records = (await hub.settled()).on(hub.topics.deliveries(party)).filter(({ key }) => key === stay);
      return records
        .filter(({ kind }) => kind === 'answer')
        .map(({ value }) => said(object(JSON.parse(value.toString()))));
    };
    // Without a ground of its own the region's clinic alone may be told (SAME_REGION).
    const question = await notice('QUERY', { text: 'Hur bor personen?' }, randomUUID(), admitted);
    expect([question.status, await heard(SOLNA), await heard(CLINIC)]).toEqual([202, [], ['QUERY completed']]);
    const asked = await reply(SOLNA, { code: 'QUERY', stay, about, text: 'När?', grounds: ['CONSENT'] });
    const answer = { text: 'I morgon.', question: asked.body['id'], grounds: ['CONSENT'] };
    await notice('ANSWER', answer, randomUUID(), admitted);
    expect([await heard(SOLNA), await heard(CLINIC)]).toEqual([['ANSWER completed'], ['QUERY completed']]);
    // What is taken back is taken back from those who were told of it, and from nobody else.
    const back = { withdraws: question.body['id'] };
    await notice('QUERY', back, randomUUID(), admitted);
    expect([await heard(SOLNA), await heard(CLINIC)]).toEqual([
      ['ANSWER completed'],
      ['QUERY completed', 'QUERY entered-in-error'],
    ]);
    // A proposal is for all who have been told of the stay.
    await reply(SOLNA, { code: 'SIP-PROPOSE', stay, about, at: '2026-05-12T10:00', grounds: ['CONSENT'] });
    expect((await heard(CLINIC)).at(-1)).toBe('SIP-PROPOSE completed');
    expect((await answersOf(stay)).map(codeOf).sort()).toEqual(['QUERY', 'SIP-PROPOSE']);
  });

  it('what is no reply stops nobody', async () => {
    await write(SOLNA, '{"code":');
    await write(SOLNA, 'x'.repeat(100_000));
    const { stay, about } = await told(SOLNA, '2026-04-28');
    await write(SOLNA, JSON.stringify({ code: 'RET', stay, about, reason: 'OTHER-UNIT', rightParty: '0182' }));
    await until('the return', async () => (await answersOf(stay)).length === 1);
  });
});

describe('kill -9 while forms and replies come in', () => {
  it('loses nothing that was answered, and says nothing twice', async () => {
    const { stay, about } = await told(SOLNA, '2026-04-27');
    const answered: string[] = [];
    const forms = Array.from({ length: 12 }, (_, n) => ({ key: randomUUID(), text: `Fråga ${n}` }));
    const sending = Promise.all(
      forms.map(async ({ key, text: words }) => {
        const form = { code: 'QUERY', stay, about, text: words, grounds: ['CONSENT'] };
        for (;;) {
          const got = await reply(SOLNA, form, key).catch(() => undefined);
          if (got?.status === 202) return void answered.push(text(got.body['id']));
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }),
    );
    for (let n = 0; n < 3; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await hub.kill();
      await write(SOLNA, JSON.stringify({ code: 'KVI', stay, about, sent: `2026-05-04T0${n}:00` }));
      await hub.start();
    }
    await sending;
    await until('all answers', async () => (await answersOf(stay)).length >= forms.length + 3);
    const answers = await answersOf(stay);
    const asked = answers.filter((answer) => codeOf(answer) === 'QUERY');
    const acts = asked.map(({ identifier }) => text(object(list(identifier)[0])['value']).replace('urn:uuid:', ''));
    expect([...acts].sort()).toEqual([...answered].sort());
    expect(new Set(answered).size).toBe(forms.length);
    expect(answers).toHaveLength(forms.length + 3);
  });
});

/** Writes on the party's own topic, as its client would: none of the hub's headers. */
async function write(party: string, value: string): Promise<void> {
  const producer = new Kafka({ brokers: [...hub.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic: hub.topics.repliesOf(party), messages: [{ value }] });
  await producer.disconnect();
}
