import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { simulate } from '../../apps/simulator/src/simulation.ts';
import { reportOf } from '../../apps/simulator/src/score/report.ts';
import { startOwnHub, type OwnHub } from '../../deploy/simulation/own-hub.ts';
import { createTestDatabase, testServices, topicPrefix, type TestDatabase } from '../services/services.ts';

const START = Date.parse('2026-03-25T04:00:00Z');

describe('a county of stays, played to the whole hub', () => {
  let database: TestDatabase;
  let hub: OwnHub;

  beforeAll(async () => {
    database = await createTestDatabase('simulate');
    hub = await startOwnHub(new Date(START).toISOString(), {
      BRYGGAN_KAFKA_BROKERS: testServices().brokers.join(','),
      BRYGGAN_DATABASE_URL: database.url,
      BRYGGAN_TOPIC_PREFIX: topicPrefix('simulate'),
    });
  });

  afterAll(async () => {
    await hub.stop();
    await database.drop();
  });

  it('flags what 60 stays inject and nothing else, and tells everyone theirs', async () => {
    const score = await simulate(hub, { stays: 60, seed: '1', start: START }, () => undefined);
    expect(score.differences).toEqual([]);
    expect(score.neverInjected).toEqual([]);
    expect(reportOf(score)).toContain('Everything as injected');
    expect(score.passed).toBe(true);
  });
});
