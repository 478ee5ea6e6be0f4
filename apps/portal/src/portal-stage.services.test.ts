import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ensureTopics,
  GroupCommitProducer,
  reached,
  OffsetReader,
  silentLog,
  topicDefinitions,
  type OutRecord,
} from '#libs/messaging';
import { connectStages } from '#libs/hosting';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { Callers } from '#libs/county';
import { Health } from '#libs/platform';
import { PortalModule } from './portal.module.ts';
import { PortalStage } from './views.controller.ts';
import { PortalViewsModule } from './views.module.ts';
import { deviation, IDS, KS, notice, receipt, saidStay, task } from './testing/samples.ts';
import { eventually } from '../../../test/hub/until.ts';
import { PortalUnderTest } from './testing/portal-under-test.ts';

let portal: PortalUnderTest;
let producer: GroupCommitProducer;
beforeAll(async () => {
  portal = await PortalUnderTest.start();
  const { county, kafka, topics: names } = portal.parts;
  await ensureTopics(
    kafka,
    topicDefinitions(names, { parties: county.partyIds(), senders: county.senderIds(), embedded: true }),
  );
  producer = new GroupCommitProducer({ kafka, log: silentLog });
});
afterAll(async () => {
  await producer.stop();
  await portal.stop();
});

const record = (topic: string, id: string, value: unknown): OutRecord => ({
  topic,
  key: IDS.stay(KS, 'k'),
  id,
  kind: 'test',
  schemaVersion: 1,
  traceparent: '',
  value: typeof value === 'string' ? value : JSON.stringify(value),
});

function applicationWith(stage: PortalStage): Promise<INestApplication> {
  const settings = { host: '127.0.0.1', port: 0, trustedProxies: [], requestsPerSecond: 1000 };
  const front = HttpModule.register({ ...portal.parts, settings, callers: new Callers([]), health: new Health() });
  const imports = [front, PortalModule.register(portal.parts), PortalViewsModule.register(portal.parts)];
  return connectStages({ module: class {}, imports }, [stage], HTTP_APPLICATION);
}

async function settled(stage: PortalStage): Promise<void> {
  const offsets = new OffsetReader(portal.parts.kafka);
  await eventually(async () => {
    for (const { topics, positions } of stage.readings()) {
      expect(reached(await positions(), await offsets.endOffsets(topics()))).toBe(true);
    }
  });
}

describe('the portal on Kafka', () => {
  it('shows what came before it started and while it was stopped, and goes on past what nobody can read', async () => {
    const { topics: names } = portal.parts;
    const ins = notice({ stay: 'k', id: 'k-ins' });
    await producer.sendAll([
      record(names.deliveries('0184'), '1', ins),
      record(names.deliveries('0184'), '2', 'not JSON'),
      record(names.deliveries('0184'), '3', notice({ party: '0186', stay: 'k', id: 'k-astray' })),
      record(names.deliveries('0184'), '4', notice({ stay: 'k', id: 'k-uts', content: { kind: 'UTS' } })),
      record(names.deviationsOf(KS), '5', deviation({ id: 'k-dev' })),
    ]);
    const stage = new PortalStage(portal.parts);
    const app = await applicationWith(stage);
    await Promise.all([stage.start(), stage.start()]);
    await stage.joined();
    await settled(stage);
    expect(stage.isReady()).toBe(true);
    expect((await portal.get('0184', `/Encounter/${IDS.stay(KS, 'k')}`)).json).toMatchObject({ status: 'finished' });
    expect((await portal.get('sender:KS', '/DetectedIssue/k-dev')).status).toBe(200);
    expect((await portal.get('0186', '/Communication/k-astray')).status).toBe(404);
    const { rows } = await portal.owner.query(
      'select error_code, at_offset from portal_party.poison order by at_offset',
    );
    expect(rows).toEqual([
      { error_code: 'BRY-2018', at_offset: '1' },
      { error_code: 'BRY-2018', at_offset: '2' },
    ]);

    await stage.stop();
    expect(stage.isReady()).toBe(false);
    await producer.sendAll([
      record(names.stays, '6', saidStay({ visit: 'k' })),
      record(names.receipts, '7', receipt(ins)),
      record(names.tasks, '8', task({ id: 'k-task' })),
      record(names.stays, '9', '{}'),
      record(names.deviations, '10', deviation({ id: 'k-all' })),
      record(names.tasks, '11', { ...task({ id: 'k-done' }), status: 'completed' }),
    ]);
    await stage.start();
    await settled(stage);
    const metrics = await portal.parts.metrics.text();
    expect(metrics).toContain('bryggan_open_deviations{code="INS-01"} 1');
    expect(metrics).toContain('bryggan_open_tasks{code="STATE-GROUND"} 1');
    for (const path of [`/Encounter/${IDS.stay(KS, 'k')}`, '/Communication/k-ins', '/Task/k-task']) {
      expect([path, (await portal.get('sender:KS', path)).status]).toEqual([path, 200]);
    }
    await app.close();
  });

  it('shows a party that has come to the county while it runs what it is told', async () => {
    const { county, kafka, topics: names } = portal.parts;
    const parties = [...county.partyIds()];
    const growing = Object.assign(Object.create(county) as typeof county, { partyIds: () => parties });
    const stage = new PortalStage({ ...portal.parts, county: growing });
    const app = await applicationWith(stage);
    await stage.start();
    await stage.joined();
    parties.push('9999');
    await ensureTopics(kafka, topicDefinitions(names, { parties: ['9999'], senders: [], embedded: true }));
    await stage.followParties();
    await producer.send(record(names.deliveries('9999'), '1', notice({ party: '9999', stay: 'n', id: 'n-ins' })));
    await settled(stage);
    const { rows } = await portal.owner.query(`select audience from portal_party.resource where id = 'n-ins'`);
    expect(rows).toEqual([{ audience: '9999' }]);
    await app.close();
  });
});
