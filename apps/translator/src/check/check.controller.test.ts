import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { Callers } from '#libs/county';
import { createLog, Health, Metrics, readConfiguration } from '#libs/platform';
import { answerBreaches } from '../../../../test/docs/answer-breaches.ts';
import { adt, fact } from '../../test/adt.ts';
import { county, INTAKE } from '../../test/reading.ts';
import { CheckModule } from './check.controller.ts';

const HL7 = 'x-application/hl7-v2+er7';
const configuration = readConfiguration({}, { embedded: true });
const callers = new Callers([
  { name: 'operator', party: 'operator', roles: ['operator'], token: 'operator' },
  { name: 'sender:KS', party: 'SE2321000016-1000', roles: ['sender'], token: 'ks' },
  { name: 'sender:DS', party: 'SE2321000016-3000', roles: ['sender'], token: 'ds' },
  { name: 'hsf', party: 'hsf', roles: ['observer'], token: 'hsf' },
]);
let app: INestApplication;
let url: string;

beforeAll(async () => {
  const clock = { driven: false, now: () => INTAKE } as const;
  const front = HttpModule.register({
    settings: configuration.http,
    ...{ callers, health: new Health(), metrics: new Metrics() },
    log: createLog({ level: 'error', destination: { write: () => undefined } }),
  });
  const imports = [front, CheckModule.register({ clock, configuration, county })];
  app = await NestFactory.create({ module: class {}, imports }, HTTP_APPLICATION);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

async function post(token: string, body: string, headers: Record<string, string> = {}, query = '') {
  const authorization = `Bearer ${token}`;
  const init = { method: 'POST', headers: { authorization, 'content-type': HL7, ...headers }, body };
  const answer = await fetch(`${url}/check${query}`, init);
  return { status: answer.status, json: (await answer.json()) as { taken?: boolean; text?: string[] } };
}

const MESSAGE = adt({ obx: [fact('NEED', 'SOC'), fact('CONSENT', 'Y')] });

describe('POST /check', () => {
  it('answers as JSON, and in words', async () => {
    const { status, json } = await post('operator', MESSAGE);
    expect([status, json.taken]).toEqual([200, true]);
    expect(json.text?.[0]).toBe('Tas emot (AA).');
    expect(answerBreaches('POST', '/check', status, json)).toEqual([]);
    const refused = await post('operator', adt({ pv1: { 19: undefined } }));
    expect(answerBreaches('POST', '/check', refused.status, refused.json)).toEqual([]);
    expect((await post('ks', MESSAGE, { 'content-type': `${HL7}; charset=utf-8` })).json).toEqual(json);
  });

  it('tells a sender nothing by another’s agreement', async () => {
    expect((await post('ds', MESSAGE)).json).toMatchObject({ taken: false, faults: [{ code: 'BRY-1007' }] });
  });

  it.each<[string, number, string, Record<string, string>, string]>([
    ['nobody', 401, 'x', {}, ''],
    ['who only looks on', 403, 'hsf', {}, ''],
    ['a media type that nobody reads', 415, 'ks', { 'content-type': 'text/plain' }, ''],
    ['what is compressed', 415, 'ks', { 'content-encoding': 'gzip' }, ''],
    ['an odd sender', 400, 'operator', {}, '?sender=%27'],
  ])('refuses %s', async (_, status, token, headers, query) => {
    expect((await post(token, MESSAGE, headers, query)).status).toBe(status);
  });

  it('refuses what is larger than any message', async () => {
    expect((await post('ks', 'x'.repeat(1_048_577))).status).toBe(413);
  });
});
