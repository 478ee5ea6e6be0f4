import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../deploy/embedded/port.ts';
import { FormLoad } from '../hub/form-load.ts';
import { harmDone } from '../hub/harm.ts';
import { killAtRandom } from '../hub/kills.ts';
import { Load, PLOTS } from '../hub/load.ts';
import { seedOf } from '../hub/random.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { tlsSettings, type WayIn } from '../hub/ways-in.ts';

const START = Date.parse('2026-05-04T14:00:00+02:00');
const KILLS = 2;
/** All that HL7 v2 comes in by: whatever is acknowledged by any of them is there. The others are `FormLoad`'s. */
const WAYS: readonly WayIn[] = ['mllp', 'mllp over TLS', 'http'];
let hub: TestHub;
let tlsPort = 0;

beforeAll(async () => {
  tlsPort = await freePort();
  hub = await startTestHub('kills', { clockStart: START, settings: tlsSettings(tlsPort) });
});
afterAll(async () => {
  await hub.dispose();
});

describe('the hub under load', () => {
  it('does what the plots say when nothing is wrong', async () => {
    const load = new Load(hub, { name: 'calm', connections: 3, staysAtOnce: 1, paceMillis: 1, ways: WAYS, tlsPort });
    load.start();
    await load.stop();
    expect(load.stays.length).toBe(PLOTS.length);
    expect(await harmDone(hub, load)).toEqual([]);
  });

  it(`killed ${KILLS} times with SIGKILL loses nothing and does nothing twice`, async () => {
    const load = new Load(hub, { name: 'kills', connections: 6, staysAtOnce: 3, paceMillis: 60, ways: WAYS, tlsPort });
    const forms = new FormLoad(hub, 'forms');
    load.start();
    forms.start(150);
    await killAtRandom(hub, KILLS, seedOf('kills'));
    await Promise.all([load.stop(), forms.stop()]);
    expect(load.troubles.unanswered).toBeGreaterThan(0);
    expect(forms.unanswered).toBeGreaterThan(0);
    expect(load.stays.length).toBeGreaterThan(PLOTS.length);
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
    expect((await forms.harm(await hub.outcome())).slice(0, 10)).toEqual([]);
  }, 480_000);
});
