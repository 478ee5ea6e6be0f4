import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { harmDone } from '../hub/harm.ts';
import { killAtRandom } from '../hub/kills.ts';
import { Load, PLOTS } from '../hub/load.ts';
import { seedOf } from '../hub/random.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';

const START = Date.parse('2026-05-04T14:00:00+02:00');
const KILLS = 5;
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('kills', { clockStart: START });
}, 240_000);
afterAll(async () => {
  await hub.dispose();
}, 120_000);

describe('the hub under load', () => {
  it('does what the plots say when nothing is wrong', async () => {
    const load = new Load(hub, { name: 'calm', connections: 3, staysAtOnce: 1, paceMillis: 1 });
    load.start();
    await load.stop();
    expect(load.stays.length).toBe(PLOTS.length);
    expect(await harmDone(hub, load)).toEqual([]);
  }, 240_000);

  it(`killed ${KILLS} times with SIGKILL loses nothing and does nothing twice`, async () => {
    const load = new Load(hub, { name: 'kills', connections: 4, staysAtOnce: 4, paceMillis: 60 });
    load.start();
    await killAtRandom(hub, KILLS, seedOf('kills'));
    await load.stop();
    expect(load.troubles.unanswered).toBeGreaterThan(0);
    expect(load.stays.length).toBeGreaterThan(PLOTS.length);
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
  }, 480_000);
});
