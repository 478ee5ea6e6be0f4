import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { admission } from '../../apps/ingress/test/message.ts';
import { SOURCES } from '../hub/hub-child.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';
import { MISBEHAVIOURS } from './misbehaviours.ts';

/*
 * One peer or caller misbehaves without end, and meanwhile another sender gets its acknowledgements and another party reads.
 * What is judged is that each of so many messages and reads is answered while the misbehaviour goes on; how fast is printed as
 * a table at the end, and judged by nobody here, since a machine may be shared. On a quiet one each p99 to AA is to be below
 * 200 ms and each p99 of a read below 300 ms (`docs/operations.md` has the figures of a run).
 */
const MESSAGES = 200;
const READS = 200;

let hub: TestHub;
beforeAll(async () => {
  // Under a clock that stands still everything is taken in at one instant, which no hub in use ever sees.
  hub = await startTestHub('misbehaving');
}, 240_000);
afterAll(() => hub.dispose());

/** Somebody who misbehaves so, in a process of its own, from when this resolves until it is called. */
async function misbehaving(name: string): Promise<() => Promise<void>> {
  const child = fork(join(import.meta.dirname, 'misbehaving-process.ts'), { execArgv: SOURCES });
  const ended = once(child, 'exit');
  const tokens = { '0180-jarva': hub.token('0180-jarva') };
  child.send({ name, target: { mllpPort: hub.mllpAddress.port, http: hub.http, tokens } });
  await once(child, 'message');
  return async () => {
    if (child.connected) child.send('stop');
    expect((await ended)[0]).toBe(0);
  };
}

async function measured(count: number, act: (n: number) => Promise<void>): Promise<number> {
  const waits: number[] = [];
  for (let n = 0; n < count; n++) {
    const begun = performance.now();
    await act(n);
    waits.push(performance.now() - begun);
    await sleep(20);
  }
  return waits.sort((a, b) => a - b)[Math.floor(count * 0.99)] ?? 0;
}

const table = [
  '',
  '| beside | AA p99, ms | read p99, ms | first AA of a new connection, ms |',
  '| --- | --- | --- | --- |',
];
afterAll(() => void process.stderr.write(`${table.join('\n')}\n\n`));

describe.each(MISBEHAVIOURS.map(([name]) => name))('beside %s', (name) => {
  it('another sender is answered, known before or new, and another party reads', async () => {
    const known = hub.connect();
    expect((await known.send(admission(`FIRST ${name}`, { 4: 'DS' }))).code).toBe('AA');
    const stop = await misbehaving(name);
    await sleep(500);
    const headers = { authorization: `Bearer ${hub.token('0186')}` };
    const begun = performance.now();
    const newcomer = hub.connect();
    expect((await newcomer.send(admission(`NEW ${name}`, { 4: 'OS' }))).code).toBe('AA');
    const firstAnswer = performance.now() - begun;
    newcomer.close();
    const [sending, reading] = await Promise.all([
      measured(MESSAGES, async (n) => {
        expect((await known.send(admission(`${name} ${n}`, { 4: 'DS' }))).code).toBe('AA');
      }),
      measured(READS, async () => {
        expect((await fetch(`${hub.http}/fhir/Communication?category=INS`, { headers })).status).toBe(200);
      }),
    ]);
    await stop();
    known.close();
    table.push(`| ${name} | ${sending.toFixed(0)} | ${reading.toFixed(0)} | ${firstAnswer.toFixed(0)} |`);
    await until('all is applied', () => hub.client.settle().then(() => true), 900_000);
    expect((await fetch(`${hub.http}/health/ready`)).status).toBe(200);
  });
});
