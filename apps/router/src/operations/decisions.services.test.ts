import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Callers, CurrentCounty, VersionedDirectory } from '#libs/county';
import { PartyDirectory, type OperatorEvent, type Party } from '#libs/domain';
import { writeOperatorEvent } from '#libs/fhir';
import { connectStages } from '#libs/hosting';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { rootTrace, silentLog, Health } from '#libs/platform';
import { readTopic } from '../../../../test/services/read-topic.ts';
import { until } from '../../../../test/hub/until.ts';
import { createHarness, type Harness } from '../../test/harness.ts';
import { MONDAY, stayEvent, uuidOf, type EventDraft } from '../../test/stay-events.ts';
import { RouterModule } from '../router.controller.ts';
import { RouterStage } from '../router-stage.ts';

const CALLERS = new Callers([
  { name: 'operator', party: 'operator', roles: ['operator'], token: 'operator' },
  { name: '0184', party: '0184', roles: ['party'], token: '0184' },
]);

const COUNTY = join(import.meta.dirname, '../../../../deploy/county');

let harness: Harness;
let county: CurrentCounty;
let stage: RouterStage;
let app: INestApplication;
let url: string;

beforeAll(async () => {
  harness = await createHarness('decisions');
  county = new CurrentCounty(COUNTY);
  const parts = { ...harness.parts, county };
  stage = new RouterStage(parts);
  const settings = { host: '127.0.0.1', port: 0, trustedProxies: [], requestsPerSecond: 1000 };
  const log = silentLog;
  const front = HttpModule.register({ ...parts, settings, callers: CALLERS, health: new Health(), log });
  const router = RouterModule.register({ ...parts, log }, stage);
  app = await connectStages({ module: class {}, imports: [front, router] }, [stage], HTTP_APPLICATION);
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/operations`;
});
afterAll(async () => {
  await app.close();
  await stage.stop();
  await harness.close();
});

async function ask(path: string, body: object, caller = 'operator') {
  const headers = { authorization: `Bearer ${caller}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as { readonly decision?: string } };
}

/** The Task of the need that waits; the ward has one of its own, for the address that is missing. */
const WAITS = `duty ->> 'code' = 'ROUTE-BY-HAND'`;
const told = async (): Promise<readonly object[]> => {
  const { rows } = await stage.pool().query<object>('select recipient, kind, status from notice order by ordinal');
  return rows;
};
const taskStatus = async (): Promise<unknown> =>
  (await stage.pool().query(`select status from task where ${WAITS}`)).rows[0];
const openTask = async (): Promise<string> =>
  String(
    (await stage.pool().query<{ id: string }>(`select id from task where status = 'requested' and ${WAITS}`)).rows[0]
      ?.id,
  );

/** What the translator makes of a decision on `inbound`. */
async function translated(
  eventId: string,
  says: OperatorEvent['says'],
  { stayId, intakeAt } = { stayId: uuidOf('stay'), intakeAt: MONDAY },
): Promise<void> {
  const origin = { eventId, inboundId: eventId, ordinal: 0, revision: 3, intakeAt, intakeStamp: intakeAt * 1000 };
  const event = { ...origin, stayId, operator: 'operator', reason: 'samtal', says };
  await harness.producer.sendAll([
    {
      ...{ topic: harness.parts.topics.events, key: stayId, id: eventId, kind: 'operator-event' },
      ...{ schemaVersion: 1, traceparent: rootTrace(eventId), value: JSON.stringify(writeOperatorEvent(event)) },
    },
  ]);
}

it('a need that waits is released once, told where it was released to, and waits again when that is undone', async () => {
  const need = { code: 'NEED', values: ['SOC'] } as const;
  await harness.publish([stayEvent({ name: 'a', trigger: 'A01', minute: 0, facts: [need], municipality: null })]);
  await until('a Task', async () => (await openTask()) !== 'undefined');
  const task = await openTask();
  const release = { recipient: '0184', ground: 'LUS_2KAP', reason: 'Enligt samtal' };
  const path = `tasks/${task}/release`;
  expect((await ask(path, release, '0184')).status).toBe(403);
  expect((await ask(path, { ...release, reason: '' })).status).toBe(400);
  expect((await ask(path, { ...release, recipient: 'SE2321000016-2001' })).status).toBe(422);
  expect((await ask(`tasks/${uuidOf('nothing')}/release`, release)).status).toBe(404);

  const both = await Promise.all([ask(path, release), ask(path, { ...release, recipient: '0183' })]);
  expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
  const decision = (both.find(({ status }) => status === 202) ?? both[0]).body.decision ?? '';
  const recipient = both[0].status === 202 ? '0184' : '0183';
  // Asked again in the same words it is the same decision.
  expect(await ask(path, { ...release, recipient })).toEqual({ status: 202, body: { decision } });

  const [record] = await readTopic(harness.parts.kafka, harness.parts.topics.inbound, 1);
  expect(record?.kind).toBe('operator-decision');
  expect(record?.headers['sender']).toBe('operator');
  expect(JSON.parse(record?.value.toString() ?? '')).toMatchObject({
    kind: 'released',
    recipient,
    role: 'municipality',
  });

  await translated(decision, {
    kind: 'released',
    recipient,
    scopes: ['SOC'],
    ground: 'LUS_2KAP',
    role: 'municipality',
  });
  await until('told', async () => (await told()).length === 1);
  expect(await told()).toEqual([{ recipient, kind: 'INS', status: 'told' }]);
  expect(await taskStatus()).toEqual({ status: 'completed' });
  expect((await ask(path, { ...release, recipient: '0182' })).status).toBe(409);

  const undo = await ask(`decisions/${decision}/undo`, { reason: 'Fel kommun' });
  expect(undo.status).toBe(202);
  expect((await ask(`decisions/${decision}/undo`, { reason: 'En gång till' })).status).toBe(409);
  await translated(undo.body.decision ?? '', { kind: 'undone', eventId: decision });
  await until('withdrawn', async () => JSON.stringify(await told()).includes('withdrawn'));
  expect(await told()).toEqual([{ recipient, kind: 'INS', status: 'withdrawn' }]);
  expect(await taskStatus()).toEqual({ status: 'requested' });

  const { rows } = await stage.pool().query('select caller, body from operator_decision order by at, claim');
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(
    expect.arrayContaining([
      { caller: 'operator', body: expect.objectContaining({ kind: 'released', reason: 'Enligt samtal' }) },
    ]),
  );
});

/** The demonstration county, in which Nacka has given all social services to Tyresö. */
function entrusting(): PartyDirectory {
  const { parties, addresses } = county.folder.files;
  const changed = parties.map((party): Party =>
    party.id === '0182' ? { ...party, entrusts: [{ to: '0138', scopes: ['SOC'] }] } : party,
  );
  return new PartyDirectory({ version: 'entrusting', parties: changed, addresses });
}

it('another directory reaches the open stays that it changes by itself, each once, and also one that was late', async () => {
  const need = { code: 'NEED', values: ['SOC'] } as const;
  const admitted = (stay: string, municipality: string, minute = -5, more: Partial<EventDraft> = {}) =>
    stayEvent({ name: stay, stay, person: stay, trigger: 'A01', minute, facts: [need], municipality, ...more });
  const said = async (count: number) =>
    (await readTopic(harness.parts.kafka, harness.parts.topics.inbound, count))
      .map(({ key, value }) => ({ key, ...(JSON.parse(value.toString()) as { kind: string; version: string }) }))
      .filter(({ kind }) => kind === 'directory-changed');
  const toldOf = async (stay: string) => {
    const { rows } = await stage
      .pool()
      .query<{ told: string }>(
        `select recipient || ' ' || status as told from notice where stay_id = $1 order by ordinal`,
        [uuidOf(stay)],
      );
    return rows.map(({ told: one }) => one);
  };
  const before = (await readTopic(harness.parts.kafka, harness.parts.topics.inbound, 2)).length;
  await harness.publish([
    admitted('nacka', '0182'),
    admitted('solna', '0184'),
    admitted('left', '0182'),
    stayEvent({ name: 'out', stay: 'left', person: 'left', trigger: 'A03', minute: -3, municipality: '0182' }),
  ]);
  await until('told', async () => (await toldOf('left')).length > 0 && (await toldOf('nacka')).length > 0);

  const own = county.folder.directory;
  county.goBy(
    new VersionedDirectory([
      { since: 0, directory: own },
      { since: MONDAY, directory: entrusting() },
    ]),
  );
  const [record, ...others] = await said(before + 1);
  expect([record?.key, record?.version, others.length]).toEqual([uuidOf('nacka'), 'entrusting', 0]);

  const changed = { kind: 'directory-changed', version: 'entrusting', at: MONDAY } as const;
  await translated(uuidOf('changed'), changed, { stayId: uuidOf('nacka'), intakeAt: MONDAY });
  await until('told elsewhere', async () => (await toldOf('nacka')).length === 2);
  expect(await toldOf('nacka')).toEqual(['0182 withdrawn', '0138 told']);
  expect(await toldOf('solna')).toEqual(['0184 told']);

  // Taken in before the change and applied after it: decided by the directory of its own time, and then looked at.
  await harness.publish([admitted('late', '0182', -1)]);
  await until('told', async () => (await toldOf('late')).length === 1);
  expect((await said(before + 2)).map(({ key }) => key)).toEqual([uuidOf('nacka'), uuidOf('late')]);
  expect(await stage.rerouteStays()).toBe(0);
});

it('two persons who were joined and parted can be joined again; asked twice in the same words they are joined once', async () => {
  const stays = ['b', 'c'];
  for (const name of stays)
    await harness.publish([stayEvent({ name, trigger: 'A01', minute: 1, stay: name, person: `person ${name}` })]);
  const known = async (): Promise<boolean> => {
    const ids = [stays.map((name) => uuidOf(name))];
    const { rows } = await stage.pool().query<{ n: number }>(KNOWN, ids);
    return rows[0]?.n === 2;
  };
  await until('both stays', known);
  const join = () => ask(`stays/${uuidOf('b')}/join-person`, { other: uuidOf('c'), reason: 'Samma person' });
  const [first, same] = [await join(), await join()];
  expect(first.status).toBe(202);
  expect(same).toEqual(first);
  expect((await ask(`decisions/${first.body.decision}/undo`, { reason: 'Fel' })).status).toBe(202);
  const again = await join();
  expect(again.status).toBe(202);
  expect(again.body.decision).not.toBe(first.body.decision);
});

const KNOWN = `select count(distinct stay_id)::int as n from event where stay_id = any($1)`;
