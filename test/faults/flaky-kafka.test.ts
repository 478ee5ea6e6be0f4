import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../deploy/embedded/port.ts';
import { harmDone } from '../hub/harm.ts';
import { Load } from '../hub/load.ts';
import { seedOf } from '../hub/random.ts';
import { lasting, startTestHub, type TestHub } from '../hub/test-hub.ts';
import { startFlakyProxy, type FlakyProxy } from '../services/flaky-proxy.ts';
import { startSpareKafka, type SpareKafka } from '../services/spare.ts';

const START = Date.parse('2026-05-04T14:00:00+02:00');
let proxy: FlakyProxy;
let kafka: SpareKafka;
let hub: TestHub;

beforeAll(async () => {
  const targetPort = await freePort();
  proxy = await startFlakyProxy({
    targetPort,
    seed: seedOf('flaky Kafka'),
    loseReply: 0.01,
    loseRequest: 0.01,
    delayMs: 3,
  });
  kafka = await startSpareKafka({ port: targetPort, advertisedPort: proxy.port });
  hub = await startTestHub('flaky', { clockStart: START, brokers: [`127.0.0.1:${proxy.port}`] });
}, 240_000);
afterAll(async () => {
  proxy.misbehave(false);
  await hub.dispose();
  await proxy.stop();
  await kafka.stop();
});

const STORM_MILLIS = 60_000;

describe('a Kafka whose replies are lost and whose connections are reset', () => {
  it('loses no acknowledged message, and nothing takes effect twice', async () => {
    const load = new Load(hub, { name: 'flaky', connections: 6, staysAtOnce: 4, paceMillis: 150 });
    load.start();
    proxy.misbehave(true);
    await lasting(STORM_MILLIS);
    proxy.misbehave(false);
    await load.stop();
    expect(proxy.faults.lostReplies).toBeGreaterThan(20);
    expect(proxy.faults.lostRequests).toBeGreaterThan(20);
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
  });

  it('nor when the hub is killed meanwhile', async () => {
    const load = new Load(hub, { name: 'flaky-kills', connections: 4, staysAtOnce: 4, paceMillis: 150 });
    load.start();
    // A start under it may fail and say so; it is the work that has to be safe.
    for (let n = 0; n < 4; n += 1) {
      proxy.misbehave(true);
      await lasting(8_000);
      await hub.kill();
      proxy.misbehave(false);
      await hub.start();
    }
    await load.stop();
    expect((await harmDone(hub, load)).slice(0, 10)).toEqual([]);
  });
});
