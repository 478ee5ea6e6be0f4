import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createPool } from '#libs/persistence';
import { HOUR, MINUTE } from '../../apps/simulator/src/county/county-time.ts';
import { REGISTERED } from '../../apps/simulator/src/county/people.ts';
import { need } from '../../apps/simulator/src/messages/ward-message.ts';
import { startBeside, type AppBeside } from '../hub/app-beside.ts';
import { slowSweep } from '../hub/slow-sweep.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';
import { Ward } from '../hub/ward.ts';

/** A watcher of its own beside that of the hub, under the machine's clock: both share the messages, and both sweep. */
const STAYS = 600;
const AT_ONCE = 30;
/** So long is there to send all of them before the first falls due. */
const AHEAD = 2 * MINUTE;
let hub: TestHub;
let pool: Pool;
let beside: AppBeside | undefined;

beforeAll(async () => {
  hub = await startTestHub('two-watchers');
  pool = createPool({ url: hub.databaseUrl, applicationName: 'test', schema: 'watcher' });
}, 240_000);
afterAll(async () => {
  await beside?.end();
  await pool.end();
  await hub.dispose();
}, 120_000);

const count = async (text: string): Promise<number> => (await pool.query<{ n: number }>(text)).rows[0]?.n ?? 0;
const found = (): Promise<number> => count('select count(*)::int as n from deviation');
const owners = (): Promise<number> =>
  count('select count(distinct owner)::int as n from position where owner is not null');

describe('two watchers', () => {
  it('share the messages, and a rebalance in the middle of a sweep loses no deviation and says none twice', async () => {
    beside = await startBeside('watcher', hub.settingsBeside);
    const admitted = Date.now() + AHEAD - 24 * HOUR;
    const facts = [need(['SOC'], { at: admitted })];
    for (let from = 0; from < STAYS; from += AT_ONCE) {
      for (let n = from; n < from + AT_ONCE; n++) {
        const ward = new Ward(`two-${n}`, { sender: 'OS', person: REGISTERED[n % REGISTERED.length]!, admitted });
        await hub.send('OS', ward.message('A01', Date.now(), { facts }));
      }
    }
    await hub.client.settle();
    await until('both have applied some', async () => (await owners()) === 2);
    const atItsOwnSpeed = await slowSweep(pool);
    await until('some are said', async () => (await found()) > 0, 10 * MINUTE);
    const before = await found();
    await beside.end();
    beside = await startBeside('watcher', hub.settingsBeside);
    await atItsOwnSpeed();
    await until('all are said', async () => (await found()) >= STAYS, 5 * MINUTE);
    await hub.client.settle();
    expect(before).toBeLessThan(STAYS);
    const said = (await hub.outcome()).deviationVersions;
    expect(said.map(({ deviation, status, version }) => `${deviation.code} ${status} ${version}`)).toEqual(
      Array.from({ length: STAYS }, () => 'INS-01 final 1'),
    );
    expect(new Set(said.map(({ id }) => id)).size).toBe(STAYS);
    expect(said.filter(({ lastUpdated = 0, deviation }) => lastUpdated < deviation.due)).toEqual([]);
  }, 1_200_000);
});
