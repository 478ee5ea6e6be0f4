import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createPool } from '#libs/persistence';
import { HOUR } from '../../apps/simulator/src/county/county-time.ts';
import { REGISTERED } from '../../apps/simulator/src/county/people.ts';
import { slowSweep } from '../hub/slow-sweep.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { bedAt, Ward } from '../hub/ward.ts';

/** Notices that never came, found in one sweep that is killed in the middle again and again. */
const START = Date.parse('2026-05-04T08:00:00+02:00');
const STAYS = 900;
const AT_ONCE = 30;
let hub: TestHub;
let pool: Pool;

beforeAll(async () => {
  hub = await startTestHub('sweep', { clockStart: START });
  pool = createPool({ url: hub.databaseUrl, applicationName: 'test', schema: 'watcher' });
}, 240_000);
afterAll(async () => {
  await pool.end();
  await hub.dispose();
}, 120_000);

const found = async (): Promise<number> =>
  (await pool.query<{ n: number }>('select count(*)::int as n from deviation')).rows[0]?.n ?? 0;

/** Moves the clock over the deadlines, and kills the hub when so many have been judged. @returns how many were, when it died */
async function killedAt(count: number, to: number): Promise<number> {
  const moving = hub.to(to).catch(() => undefined);
  while ((await found()) < count) await new Promise((resolve) => setTimeout(resolve, 5));
  await hub.kill();
  await moving;
  const judged = await found();
  await hub.start();
  return judged;
}

describe('a sweep that is killed with SIGKILL in the middle', () => {
  it('loses no deviation and says none twice', async () => {
    for (let from = 0; from < STAYS; from += AT_ONCE) {
      const wards = Array.from({ length: AT_ONCE }, (_, n) => {
        const person = REGISTERED[n % REGISTERED.length]!;
        return new Ward(`sweep-${from + n}`, bedAt(START, { sender: 'OS', person }));
      });
      const admissions = wards.map((ward) => ward.message('A01', START, { facts: [{ code: 'NEED', value: ['SOC'] }] }));
      for (const message of admissions) await hub.send('OS', message);
    }
    await hub.client.settle();
    const over = START + 24 * HOUR;
    const atItsOwnSpeed = await slowSweep(pool);
    const judged = [await killedAt(1, over), await killedAt(300, over), await killedAt(600, over)];
    expect(judged.every((count) => count > 0 && count < STAYS)).toBe(true);
    await atItsOwnSpeed();
    await hub.to(over);
    const said = (await hub.outcome()).deviationVersions;
    // The whole course, not the end alone: each is said once, at its deadline, and never closed. The beats on both sides of each
    // step of the clock keep a kill in the middle of one from looking like an outage.
    expect(
      said.map(({ deviation: { code, due }, status, version, lastUpdated = 0 }) => ({
        ...{ code, status, version },
        early: lastUpdated < due,
      })),
    ).toEqual(said.map(() => ({ code: 'INS-01', status: 'final', version: 1, early: false })));
    expect(new Set(said.map(({ id }) => id)).size).toBe(STAYS);
    expect(said).toHaveLength(STAYS);
    const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from deviation where status = 'final'`);
    expect(rows[0]?.n).toBe(STAYS);
  }, 900_000);
});
