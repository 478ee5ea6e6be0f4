import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readStay } from '#libs/fhir';
import { rootTrace } from '#libs/platform';
import { breachesOf, headerBreaches } from '../../../test/conformance/contracts.ts';
import { createHarness, type Harness } from '../test/harness.ts';
import { noticesIn, tasksIn } from '../test/play.ts';
import { BERGA, CONSENT, NEED_BOTH, READY, stayEvent, uuidOf } from '../test/stay-events.ts';
import { until } from '../../../test/hub/until.ts';
import { TopicReader } from '../../../test/services/topic-reader.ts';
import type { INestApplication } from '@nestjs/common';
import { connectStages } from '#libs/hosting';
import { RouterModule } from './router.controller.ts';
import { RouterStage } from './router-stage.ts';

let harness: Harness;
let stage: RouterStage;
let app: INestApplication;
let reader: TopicReader;

beforeAll(async () => {
  harness = await createHarness('router');
  const { topics } = harness.parts;
  reader = new TopicReader(harness.place.brokers);
  await reader.start([
    ...[topics.deliveries('0184'), topics.deliveries(BERGA)],
    ...[topics.tasks, topics.rejected, topics.stays],
  ]);
  stage = new RouterStage(harness.parts);
  app = await connectStages(RouterModule.register(harness.parts, stage), [stage]);
  await app.startAllMicroservices();
});
afterAll(async () => {
  await app.close();
  await reader.stop();
  await harness.close();
});

const allOf = (stay: string) => reader.records.filter((record) => record.key === uuidOf(stay));
/** What has to be done or known because of a stay; how it looks is said besides. */
const of = (stay: string) => allOf(stay).filter(({ kind }) => kind !== 'stay');
const count = (n: number, stay: string) => until(`${n} records of ${stay}`, () => of(stay).length >= n);

describe('the router between topics', () => {
  it('tells the municipality and the clinic, each on its own topic', async () => {
    await harness.publish([
      stayEvent({ stay: 'one', name: 'a', trigger: 'A01', minute: 0, facts: [NEED_BOTH], expected: '2026-05-10' }),
    ]);
    await count(2, 'one');
    const { topics } = harness.parts;
    expect(
      of('one')
        .map(({ topic }) => topic)
        .sort(),
    ).toEqual([topics.deliveries('0184'), topics.deliveries(BERGA)].sort());
    expect(noticesIn(of('one')).map(({ category }) => category)).toEqual(['INS', 'INS']);
  });

  it('says on `stays` how the stay looks to its sender, and who was told', async () => {
    const stays = () => allOf('one').filter(({ kind }) => kind === 'stay');
    await until('the stay', () => stays().length > 0);
    const [stay, ...more] = stays().map(({ value }) => readStay(JSON.parse(value.toString())));
    expect(more).toEqual([]);
    expect(stay).toMatchObject({
      stayId: uuidOf('one'),
      stated: { encounter: { status: 'in-progress' } },
      told: [{ kind: 'INS' }, { kind: 'INS' }],
    });
  });

  it('carries the trace on', async () => {
    const [record] = of('one');
    expect(record?.traceparent.slice(0, 35)).toBe(rootTrace(uuidOf('event one a')).slice(0, 35));
  });

  it('a record that is no event goes to rejected, and the partition moves on', async () => {
    const good = stayEvent({
      stay: 'two',
      name: 'a',
      trigger: 'A01',
      minute: 0,
      facts: [NEED_BOTH],
      expected: '2026-05-10',
    });
    const bad = {
      topic: harness.parts.topics.events,
      key: uuidOf('two'),
      id: uuidOf('bad'),
      kind: 'event',
      schemaVersion: 1,
      traceparent: rootTrace(),
    };
    await harness.producer.sendAll([
      { ...bad, value: '{' },
      { ...bad, id: uuidOf('bad 2'), value: '{"resourceType":"Bundle","type":"message","id":"Tolvan Tolvansson"}' },
    ]);
    await harness.publish([good]);
    await count(4, 'two');
    const rejected = of('two').filter(({ kind }) => kind === 'rejected');
    expect(rejected.map(({ value }) => /BRY-\d{4}/.exec(value.toString())?.[0])).toEqual(['BRY-2018', 'BRY-2019']);
    expect(rejected.map(({ value }) => value.toString()).join()).not.toContain('Tolvan');
    expect(noticesIn(of('two'))).toHaveLength(2);
  });

  it('a need without a recipient, and a protected person, become Tasks', async () => {
    await harness.publish([
      stayEvent({
        stay: 'three',
        name: 'a',
        trigger: 'A01',
        minute: 0,
        facts: [NEED_BOTH],
        expected: '2026-05-10',
        municipality: null,
      }),
      stayEvent({
        stay: 'four',
        person: 'four',
        name: 'a',
        trigger: 'A01',
        minute: 0,
        facts: [NEED_BOTH],
        expected: '2026-05-10',
        protection: 'unknown',
      }),
    ]);
    await count(3, 'three');
    await count(1, 'four');
    expect(
      tasksIn(of('three'))
        .map(({ duty }) => `${duty.code} ${duty.occasion}`)
        .sort(),
    ).toEqual(['COMPLETE-INS INS', 'ROUTE-BY-HAND municipality']);
    expect(tasksIn(of('four')).map(({ duty }) => duty.protection)).toEqual(['unknown']);
    expect(noticesIn(of('four'))).toEqual([]);
  });

  it('stopped and started it goes on where it was; a stop and a start again change nothing', async () => {
    await stage.stop();
    await stage.stop();
    expect(stage.isOpen()).toBe(false);
    await harness.publish([
      stayEvent({
        stay: 'five',
        name: 'a',
        trigger: 'A01',
        minute: 0,
        facts: [NEED_BOTH, CONSENT],
        expected: '2026-05-10',
      }),
      stayEvent({ stay: 'five', name: 'b', trigger: 'A08', minute: 1, facts: [READY], expected: '2026-05-10' }),
      stayEvent({ stay: 'five', name: 'c', trigger: 'A11', minute: 2 }),
    ]);
    await stage.start();
    await stage.start();
    await count(8, 'five');
    expect(
      noticesIn(of('five'))
        .filter(({ recipient }) => recipient === '0184')
        .map(({ category }) => category),
    ).toEqual(['INS', 'UTK', 'UTK-WITHDRAWN', 'INS-WITHDRAWN']);
  });

  it('the whole topic again, with the same and with a higher revision, tells nobody anything', async () => {
    const again = [1000, 1000, 2000].flatMap((revision) => [
      stayEvent({
        revision,
        stay: 'five',
        name: 'a',
        trigger: 'A01',
        minute: 0,
        facts: [NEED_BOTH, CONSENT],
        expected: '2026-05-10',
      }),
      stayEvent({
        revision,
        stay: 'five',
        name: 'b',
        trigger: 'A08',
        minute: 1,
        facts: [READY],
        expected: '2026-05-10',
      }),
      stayEvent({ revision, stay: 'five', name: 'c', trigger: 'A11', minute: 2 }),
    ]);
    const before = of('five').length;
    await harness.publish(again);
    // The lane of the partition is in order: once this one is there, nothing before it is missing.
    await harness.publish([stayEvent({ stay: 'five', name: 'd', trigger: 'A01', minute: 9, expected: '2026-05-11' })]);
    const anew = () => noticesIn(of('five').slice(before)).map(({ category, recipient }) => `${category} ${recipient}`);
    await until('told anew after all', () => anew().includes('INS 0184'));
    expect(anew().filter((one) => one.startsWith('INS-WITHDRAWN'))).toEqual([]);
  });

  it('says that all is said and where it stands', async () => {
    await until('all is said', () => stage.allSaid());
    expect((await stage.positions()).get(harness.parts.topics.events)?.size).toBeGreaterThan(0);
  });

  it('every record keeps the contract of its topic', () => {
    const { prefix } = harness.place;
    expect(new Set(reader.records.map(({ kind }) => kind))).toEqual(new Set(['notice', 'task', 'rejected', 'stay']));
    for (const { topic, value, headers } of reader.records) {
      expect(breachesOf(topic.slice(prefix.length), JSON.parse(value.toString()))).toEqual([]);
      expect(headerBreaches(headers)).toEqual([]);
    }
  });

  it('can be started while PostgreSQL is away, and stopped', async () => {
    const { configuration } = harness.parts;
    const away = new RouterStage({
      ...harness.parts,
      configuration: {
        ...configuration,
        database: { ...configuration.database, url: 'postgres://nobody@127.0.0.1:9/none' },
      },
    });
    await away.start();
    expect(away.isOpen()).toBe(false);
    await away.stop();
  });
});
