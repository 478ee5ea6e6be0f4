import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onDay } from '../../apps/simulator/src/county/county-time.ts';
import { FormLoad } from '../hub/form-load.ts';
import { harmDone } from '../hub/harm.ts';
import { killAtRandom } from '../hub/kills.ts';
import { Load } from '../hub/load.ts';
import { seedOf } from '../hub/random.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';

const START = Date.parse('2026-05-04T14:00:00+02:00');
const KILLS = 32;
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('kills', { clockStart: START });
}, 240_000);
afterAll(async () => {
  await hub.dispose();
}, 120_000);

describe(`${KILLS} times SIGKILL under load`, () => {
  let load: Load;

  it('some of them while it starts: nothing is lost, nothing is done twice', async () => {
    load = new Load(hub, { name: 'kills', connections: 6, staysAtOnce: 4, paceMillis: 200 });
    const forms = new FormLoad(hub, 'forms');
    load.start();
    forms.start(300);
    const early = await killAtRandom(hub, KILLS, seedOf('kills'));
    await Promise.all([load.stop(), forms.stop()]);
    process.stderr.write(
      `${load.stays.length} stays, ${load.acknowledged.length} messages acknowledged, ` +
        `${load.troubles.unanswered} unanswered, ${early} kills during a start\n`,
    );
    expect(load.troubles.unanswered).toBeGreaterThan(KILLS);
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
    expect((await forms.harm(await hub.outcome())).slice(0, 10)).toEqual([]);
  });

  it('and when every deadline has passed, nothing more is flagged', async () => {
    await hub.to(onDay(hub.now, 3, 12));
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
  });
});
