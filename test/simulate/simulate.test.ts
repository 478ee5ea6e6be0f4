import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_STAYS } from '../../apps/simulator/src/demo/demo-stays.ts';
import { demonstrate } from '../../apps/simulator/src/demo/demonstration.ts';
import { simulate } from '../../apps/simulator/src/simulation.ts';
import { reportOf } from '../../apps/simulator/src/score/report.ts';
import { looksLikePersonNumber } from '#libs/platform';
import { startOwnHub, type OwnHub } from '../../deploy/simulation/own-hub.ts';
import { createTestDatabase, testServices, topicPrefix, type TestDatabase } from '../services/services.ts';

const START = Date.parse('2026-03-25T04:00:00Z');

describe('a county of stays, played to the whole hub', () => {
  let database: TestDatabase;
  let hub: OwnHub;
  let stop: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    database = await createTestDatabase('simulate');
    hub = await startOwnHub(new Date(START).toISOString(), {
      BRYGGAN_KAFKA_BROKERS: testServices().brokers.join(','),
      BRYGGAN_DATABASE_URL: database.url,
      BRYGGAN_TOPIC_PREFIX: topicPrefix('simulate'),
    });
    stop = () => hub.stop();
  });

  afterAll(async () => {
    await stop();
    await database.drop();
  });

  it('shows a person who was told, why, and what was flagged, in 120 columns and again and again', async () => {
    for (const time of [START, START + 1]) {
      const lines: string[] = [];
      const shown = await demonstrate(hub, time, (line) => lines.push(...line.split('\n')));
      expect(shown.map(({ flags }) => flags.map(({ code }) => code))).toEqual(
        DEMO_STAYS.map(({ flags }) => flags ?? []),
      );
      expect(shown.every(({ stayId }) => stayId !== undefined)).toBe(true);
      expect(lines.filter((line) => line.length > 120 || looksLikePersonNumber(line))).toEqual([]);
      expect(lines.join('\n')).toContain('INS till Solna stad');
      expect(lines.join('\n')).toContain('INS återtas från Täby kommun');
    }
  });

  it('flags what 60 stays inject and 2 do not answer, and nothing else, and tells everyone theirs', async () => {
    const score = await simulate(hub, { stays: 60, answering: 2, seed: '1', start: START }, () => undefined);
    expect(score.differences).toEqual([]);
    expect(score.neverInjected).toEqual([]);
    expect(reportOf(score)).toContain('Everything as injected');
    expect(score.passed).toBe(true);
  });
});
