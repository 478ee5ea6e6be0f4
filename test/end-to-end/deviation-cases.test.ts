import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HOUR } from '../../apps/simulator/src/county/county-time.ts';
import { list, object, type Json } from '../../apps/simulator/src/hub/hub-client.ts';
import { breachesOf, headerBreaches } from '../conformance/contracts.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { bedAt, SOLNA, Ward } from '../hub/ward.ts';

/** A notice that never came, from its absence to the closed case: over MLLP, HTTP and Kafka, each party with its own eyes. */
const START = Date.parse('2026-05-04T08:00:00+02:00');
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('cases', { clockStart: START });
});
afterAll(async () => {
  await hub.dispose();
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Answered {
  readonly status: number;
  readonly body: Json;
}

async function ask(path: string, caller: string, body?: object, more: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(`${hub.http}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${hub.token(caller)}`, 'content-type': 'application/json', ...more },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const said = await response.text();
  return { status: response.status, body: said.startsWith('{') ? object(JSON.parse(said)) : { text: said } };
}

const only = async (caller: string): Promise<Json> => {
  const { body } = await ask('/deviation-cases?open=true', caller);
  expect(list(body['cases'])).toHaveLength(1);
  return object(list(body['cases'])[0]);
};
const act = async (caller: string, seen: Json, said: object): Promise<Answered> => {
  const done = await ask(`/deviation-cases/${text(seen['id'])}/acts`, caller, { version: seen['version'], ...said });
  await hub.client.settle();
  return done;
};

it('what never came is one case: found, reported, escalated, answered and closed, and fed without a name', async () => {
  const ward = new Ward('case-1', bedAt(START, { sender: 'OS' }));
  await hub.send('OS', ward.message('A01', START, { facts: [{ code: 'NEED', value: ['SOC'] }] }));
  await hub.to(START + 26 * HOUR);
  const stay = hub.stayId('OS', 'case-1');
  const found = await only('sender:OS');
  expect(found).toMatchObject({
    code: 'INS-01',
    state: 'new',
    you: 'unit',
    acts: ['take', 'answer', 'escalate', 'reject'],
    stay,
  });
  expect((await ask('/deviation-cases', '0183')).body).toEqual({ cases: [] });
  expect((await ask(`/deviation-cases/${text(found['id'])}`, '0183')).status).toBe(404);

  const countOf = async (caller: string, query: string): Promise<number> => {
    const { status, body } = await ask(`/deviation-cases?${query}`, caller);
    return status === 200 ? list(body['cases']).length : status;
  };
  const all = 'step=1&code=INS-01&state=new&month=2026-05&careType=SOM';
  expect(await countOf('sender:OS', `${all}&unit=${text(found['party'])}&municipality=0184`)).toBe(1);
  expect(await countOf('storsthlm', `${all}&hospitalKind=region&municipalityKind=other`)).toBe(1);
  for (const [caller, query, answer] of [
    ['sender:OS', 'step=2', 0],
    ['sender:OS', 'municipality=0183', 0],
    ['storsthlm', 'careType=PSY', 0],
    ['storsthlm', 'municipality=0184', 400],
    ['storsthlm', 'unit=X', 400],
    [SOLNA, 'careType=SOM', 400],
  ] as const) {
    expect([caller, query, await countOf(caller, query)]).toEqual([caller, query, answer]);
  }

  const person = { type: 'personnummer', value: '191212121212' };
  const form = { code: 'REPORT', deviation: 'INS-01', on: '2026-05-04', consequence: 'delay', consent: false };
  const report = { ...form, person, organisation: text(found['party']), text: 'Ingen sade något.' };
  const key = { 'idempotency-key': randomUUID() };
  const reported = await ask('/deviation-reports', SOLNA, report, key);
  expect([reported.status, await ask('/deviation-reports', SOLNA, report, key)]).toEqual([202, reported]);
  expect(
    (await ask('/deviation-reports', SOLNA, { ...report, text: 'Tolvan 19121212-1212' }, { 'idempotency-key': 'a' }))
      .status,
  ).toBe(422);
  await hub.client.settle();
  const own = await only(SOLNA);
  expect(own).toMatchObject({
    id: found['id'],
    you: 'reporter',
    acts: ['escalate', 'withdraw'],
    reports: [{ own: true }],
  });
  expect(JSON.stringify(own)).not.toContain(stay);

  expect((await act('storsthlm', { ...(await only('storsthlm')) }, { code: 'ask', question: 'cause' })).status).toBe(
    409,
  );
  expect((await act(SOLNA, own, { code: 'escalate', reason: 'of-principle' })).status).toBe(202);
  const row = await only('storsthlm');
  expect(row).toMatchObject({
    state: 'storsthlm',
    you: 'reviewer',
    careType: 'SOM',
    month: '2026-05',
    municipalityKind: 'other',
  });
  expect((await act('storsthlm', row, { code: 'ask', question: 'cause' })).status).toBe(202);
  // Two on one version: the first is taken, the same again is answered as it was, another comes too late.
  const asked = await only('sender:OS');
  expect(asked).toMatchObject({ question: 'cause', state: 'storsthlm' });
  const answer = {
    code: 'answer',
    cause: 'routine-unknown',
    action: 'staff-informed',
    text: 'Vi har gått igenom rutinen.',
  };
  const answers = [await act('sender:OS', asked, answer), await act('sender:OS', asked, answer)];
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  expect(answers[0]).toEqual(answers[1]);
  expect((await act('sender:OS', asked, { ...answer, cause: 'other' })).status).toBe(409);
  const told = await only('storsthlm');
  expect(told['answer']).toEqual({ cause: 'routine-unknown', action: 'staff-informed' });
  expect(await only(SOLNA)).toMatchObject({ answer: { text: 'Vi har gått igenom rutinen.' } });
  expect((await act('hsf', await only('hsf'), { code: 'close', reason: 'settled' })).status).toBe(202);
  expect((await ask(`/deviation-cases/${text(found['id'])}`, 'operator')).body).toMatchObject({ state: 'closed' });

  const feed = await ask('/deviation-feed?month=2026-05', 'storsthlm', undefined, { accept: 'text/csv' });
  expect(text(feed.body['text']).split('\r\n')[1]).toMatch(
    /^[0-9a-f-]{36};\d+;closed;INS-01;1;4;SOM;2026-05;\w+;other$/,
  );
  expect((await ask('/deviation-feed', SOLNA)).status).toBe(403);
  const inFhir = '/deviation-feed/fhir/DetectedIssue?code=INS-01&identified=2026-05';
  const { body: bundle } = await ask(`${inFhir}&status=cancelled`, 'storsthlm');
  const { resource, fullUrl } = object(list(bundle['entry'])[0]);
  expect(resource).toMatchObject({ resourceType: 'DetectedIssue', status: 'cancelled', identifiedDateTime: '2026-05' });
  expect((await ask(text(fullUrl).slice(hub.http.length), 'hsf')).body).toEqual(resource);
  expect((await ask(`${inFhir}&status=final`, 'hsf')).body['entry']).toBeUndefined();
  expect((await ask('/deviation-feed/fhir/DetectedIssue?patient=1', 'hsf')).status).toBe(400);
  expect((await ask('/deviation-feed/fhir/MeasureReport?period=ge2026-01', 'hsf')).body['entry']).toBeUndefined();
  expect((await ask(inFhir, SOLNA)).status).toBe(403);
  const outcome = await hub.outcome();
  const rows = outcome.on(hub.topics.deviationFeed);
  expect(rows.map(({ value }) => text(object(JSON.parse(value.toString()))['state']))).toEqual([
    'new',
    'storsthlm',
    'closed',
  ]);
  for (const { value, headers } of rows) {
    expect([breachesOf('deviation-feed', JSON.parse(value.toString())), headerBreaches(headers)]).toEqual([[], []]);
    expect(value.toString()).not.toMatch(new RegExp(`${stay}|${text(found['party'])}|${SOLNA}|gått|1912`));
  }
  const words = outcome.on(hub.topics.events).filter(({ kind }) => kind === 'case-event');
  for (const { value, headers } of words) {
    expect([breachesOf('events', JSON.parse(value.toString())), headerBreaches(headers)]).toEqual([[], []]);
    expect(value.toString()).not.toContain('191212121212');
  }
  expect(words).toHaveLength(5);
});
