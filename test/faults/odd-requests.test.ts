import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OddClient, storm } from '../hub/odd-requests.ts';
import { drawn, seedOf } from '../hub/random.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';

const REQUESTS = 20_000;
/** What the hub may hold more after a storm than before: heap not yet collected, and no more with every request. */
const ROOM_BYTES = 150_000_000;

let hub: TestHub;
let client: OddClient;
beforeAll(async () => {
  hub = await startTestHub('odd-requests');
  client = new OddClient(Number(new URL(hub.http).port));
}, 240_000);
afterAll(async () => {
  client.close();
  await hub.dispose();
});

const residentBytes = async (): Promise<number> => {
  const text = await (await fetch(`${hub.http}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
};

it('a storm of odd requests makes no fault of our own, and meanwhile and afterwards all others are served', async () => {
  const tokens = ['0184', 'sender:KS', 'operator', 'storsthlm'].map((name) => hub.token(name));
  const draw = drawn(seedOf('odd requests'));
  await storm(client, draw, tokens, 2000);
  const before = await residentBytes();
  const waits: number[] = [];
  const stopped = new AbortController();
  const reading = (async () => {
    const headers = { authorization: `Bearer ${hub.token('0186')}` };
    while (!stopped.signal.aborted) {
      const begun = performance.now();
      const { status } = await fetch(`${hub.http}/fhir/Communication?category=INS`, { headers });
      waits.push(performance.now() - begun);
      expect(status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const { statuses, wrong } = await storm(client, draw, tokens, REQUESTS);
  stopped.abort();
  await reading;
  waits.sort((a, b) => a - b);
  const p99 = waits[Math.floor(waits.length * 0.99)] ?? 0;
  process.stderr.write(`another party's read during the storm: p99 ${p99.toFixed(0)} ms of ${waits.length}\n`);
  expect(wrong).toEqual([]);
  for (const status of [200, 400, 401, 403, 404, 405]) expect(statuses.get(status) ?? 0).toBeGreaterThan(50);
  expect((await residentBytes()) - before).toBeLessThan(ROOM_BYTES);
  await hub.client.settle();
  expect((await fetch(`${hub.http}/health/ready`)).status).toBe(200);
});
