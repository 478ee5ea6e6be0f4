import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createPool } from '#libs/persistence';
import { HOUR } from '../../apps/simulator/src/county/county-time.ts';
import { REGISTERED } from '../../apps/simulator/src/county/people.ts';
import { slowSweep } from '../hub/slow-sweep.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { bedAt, Ward } from '../hub/ward.ts';
import { startSparePostgres, type SparePostgres } from '../services/spare.ts';

/** Notices that never came, found in one sweep in the middle of which the hub, or PostgreSQL, is killed again and again. */
const START = Date.parse('2026-05-04T08:00:00+02:00');
const STAYS = 900;
const AT_ONCE = 30;
let hub: TestHub;
let postgres: SparePostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startSparePostgres();
  hub = await startTestHub('sweep', { clockStart: START, databaseUrl: postgres.url });
  pool = createPool({ url: hub.databaseUrl, applicationName: 'test', schema: 'watcher' });
}, 240_000);
afterAll(async () => {
  await pool.end();
  await hub.dispose();
  await postgres.stop();
}, 120_000);

/** What is killed, and how it comes back. */
const KILLED: Readonly<Record<string, () => Promise<void>>> = {
  'the hub': async () => {
    await hub.kill();
    await hub.start();
  },
  PostgreSQL: async () => {
    await postgres.kill();
    await postgres.restart();
  },
};

/** Stays whose ward states a need and orders nothing. @returns their ids */
async function admitted(name: string, at: number): Promise<string[]> {
  const wards = Array.from({ length: STAYS }, (_, n) => {
    const person = REGISTERED[n % REGISTERED.length]!;
    return new Ward(`${name}-${n}`, bedAt(at, { sender: 'OS', person }));
  });
  for (let from = 0; from < STAYS; from += AT_ONCE) {
    const some = wards.slice(from, from + AT_ONCE);
    for (const ward of some)
      await hub.send('OS', ward.message('A01', at, { facts: [{ code: 'NEED', value: ['SOC'] }] }));
  }
  await hub.client.settle();
  return wards.map(({ sender, visit }) => hub.stayId(sender, visit));
}

/** Moves the clock, by as many requests as it takes: what is killed takes the one that it was answering with it. */
async function moved(to: number): Promise<void> {
  for (;;) {
    const isThere = await hub.to(to).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const found = async (stayIds: readonly string[]): Promise<number> => {
  const counted = `select count(*)::int as n from deviation where status = 'final' and stay_id = any($1)`;
  return (await pool.query<{ n: number }>(counted, [stayIds])).rows[0]?.n ?? 0;
};

describe.each(Object.keys(KILLED))('a sweep in the middle of which %s is killed with SIGKILL', (name) => {
  it('loses no deviation and says none twice', async () => {
    const begun = START + 48 * HOUR * Object.keys(KILLED).indexOf(name);
    await moved(begun);
    const stayIds = await admitted(name.replace(' ', '-'), begun);
    const atItsOwnSpeed = await slowSweep(pool);
    const over = begun + 24 * HOUR;
    const moving = moved(over);
    const judged: number[] = [];
    for (const count of [1, 300, 600]) {
      while ((await found(stayIds)) < count) await new Promise((resolve) => setTimeout(resolve, 5));
      judged.push(await found(stayIds));
      await KILLED[name]!();
    }
    await atItsOwnSpeed();
    await moving;
    expect(judged.every((count) => count > 0 && count < STAYS)).toBe(true);
    await hub.to(over);
    const own = new Set(stayIds);
    const said = (await hub.outcome()).deviationVersions.filter(({ stayId }) => own.has(stayId));
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
    expect(await found(stayIds)).toBe(STAYS);
  }, 900_000);
});
