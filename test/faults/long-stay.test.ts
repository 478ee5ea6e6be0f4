import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { admission } from '../../apps/ingress/test/message.ts';
import { testPerson } from '../bench/ward-messages.ts';
import { lasting, startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';

/*
 * One visit gets thousands of messages. What one of them costs is measured in processor time of the hub, so that what else the
 * machine does matters less: at each length so many more messages are sent and applied, less what the hub uses when nobody
 * sends. Beside it stands what messages about as many stays cost.
 */
const LENGTHS = [200, 2000, 5000];
const MESSAGES = 200;
/** What is measured is noisy on a machine that is shared; a cost that grew with the stay would be twenty times as large. */
const MOST_TIMES = 4;

let hub: TestHub;
beforeAll(async () => {
  // Under a clock that stands still everything is taken in at one instant, which no hub in use ever sees.
  hub = await startTestHub('long-stay');
}, 240_000);
afterAll(() => hub.dispose());

async function processorMillis(): Promise<number> {
  const text = await (await fetch(`${hub.http}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1000;
}

let sent = 0;

/** Sends messages sixteen at a time, and waits until all that was acknowledged is applied. */
async function send(count: number, message: (n: number) => Buffer): Promise<void> {
  const client = hub.connect();
  for (let n = 0; n < count; n += 16) {
    const some = Array.from({ length: Math.min(16, count - n) }, () => message(sent++));
    for (const { code } of await Promise.all(some.map((one) => client.send(one)))) expect(code).toBe('AA');
  }
  client.close();
  await until('all is applied', () => hub.client.settle().then(() => true), 600_000);
}

/** Processor time that a message costs, ms. */
async function costOf(message: (n: number) => Buffer): Promise<number> {
  const [idleFrom, idleSince] = [await processorMillis(), performance.now()];
  await lasting(3000);
  const idle = ((await processorMillis()) - idleFrom) / (performance.now() - idleSince);
  const [from, since] = [await processorMillis(), performance.now()];
  await send(MESSAGES, message);
  return ((await processorMillis()) - from - idle * (performance.now() - since)) / MESSAGES;
}

const BEGIN = Date.now() - 5 * 86_400_000;

/** An HL7 time so many minutes after the first message was written. */
const written = (minute: number): string =>
  `${new Date(BEGIN + minute * 60_000).toISOString().slice(0, 16).replace(/[-:T]/g, '')}00+0000`;

const update =
  (
    visit: string,
    minuteOf: (n: number) => number,
    more: (n: number) => string = () => '',
    event: (n: number) => string = () => 'A08',
  ) =>
  (n: number) => {
    const at = written(minuteOf(n));
    const ended: Record<number, string> = event(n) === 'A03' ? { 45: at } : {};
    const fields = { 19: visit, ...ended };
    const text = admission(`L-${n}`, { 7: at, 9: `ADT^${event(n)}` }, fields, testPerson(3).number).toString();
    return Buffer.from(text.replace(/^EVN.*$/m, `EVN||${at}`) + more(n));
  };
const inOrder = (n: number): number => n;
/** Every other message is from long before the one that came before it. */
const backAndForth = (n: number): number => (n % 2 === 0 ? n : (n * 7919) % (n + 1));
const moved = (n: number): string => `PV2||||||||202701${String(20 + (n % 8))}\rOBX|1|ST|NEED^^BRYGGAN||SOC||||||F\r`;
const needed = (): string => 'OBX|1|ST|NEED^^BRYGGAN||SOC||||||F\r';
const discharged = (n: number): string => (n % 2 === 0 ? 'A13' : 'A03');

it('a message about a long stay costs what one about a short stay does', async () => {
  const lines: string[] = [];
  const kinds = [
    ['says the same', update('V-LONG', inOrder)],
    ['moves the expected discharge', update('V-MOVED', inOrder, moved)],
    ['says the same, back and forth in time', update('V-BACK', backAndForth)],
    ['moves the expected discharge, back and forth in time', update('V-MOVED-BACK', backAndForth, moved)],
    ['is discharged, and the discharge cancelled', update('V-ENDED', inOrder, needed, discharged)],
  ] as const;
  // What is compiled when it is first run is no cost of a stay.
  await send(400, (n) => admission(`WARM-${n}`, {}, {}, testPerson(10 + n).number));
  const others = await costOf((n) => admission(`OTHER-${n}`, {}, {}, testPerson(1000 + n).number));
  for (const [what, message] of kinds) {
    const costs: number[] = [];
    let length = 0;
    sent = 0;
    for (const wanted of LENGTHS) {
      await send(wanted - length - MESSAGES, message);
      costs.push(await costOf(message));
      length = wanted;
    }
    lines.push(`| ${what} | ${costs.map((cost) => cost.toFixed(1)).join(' | ')} | ${others.toFixed(1)} |`);
    // At 200 it may be too little to be measured at all, when the machine is busy.
    expect(costs.at(-1)).toBeLessThan(MOST_TIMES * Math.max(costs[0] ?? 0, others));
  }
  const head = `| a message of one visit that | ${LENGTHS.map((n) => `at ${n}, ms`).join(' | ')} | of ${MESSAGES} other stays |`;
  process.stderr.write(`\n${[head, '| --- | --- | --- | --- | --- |', ...lines].join('\n')}\n\n`);
});
