import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { admission } from '../../apps/ingress/test/message.ts';
import { MutatedMessages } from '../../apps/ingress/test/mutated-messages.ts';
import { Sender } from '../../apps/ingress/test/sender.ts';
import { loadCounty } from '#libs/county';
import { IdMaker, readIdSecret } from '#libs/platform';
import { testPerson } from '../bench/ward-messages.ts';
import { LogReader } from '../hub/log-reader.ts';
import { drawn, seedOf } from '../hub/random.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';

const CONNECTIONS = 8;
const FRAMES_EACH = 12_500;
/** Unanswered frames of one sender at a time, so that the test's own memory stays flat. */
const WAVE = 250;
const FRAMES = CONNECTIONS * FRAMES_EACH;
/**
 * What router and watcher each keep of stays: so little that it is full within the first tenth of the frames. Later it would
 * grow all through the test, and by more than a leak.
 */
const STAYS_MEBIBYTES = 2;
/** What the hub may hold more, at its highest, in the last fifth than in the second and third tenth: a kilobyte for each frame between. */
const ROOM_BYTES = ((FRAMES * 7) / 10) * 1000;
/** One byte of MSH-4 makes another of them. */
const SENDERS = loadCounty(join(import.meta.dirname, '../../deploy/county')).senderIds();

let hub: TestHub;
let ids: IdMaker;
beforeAll(async () => {
  hub = await startTestHub('mutated-frames', {
    clockStart: Date.parse('2026-05-10T14:31:00+02:00'),
    settings: { BRYGGAN_STAYS_MEBIBYTES: `${STAYS_MEBIBYTES}` },
  });
  ids = new IdMaker(readIdSecret({ stateDir: hub.stateDir }));
}, 240_000);
afterAll(() => hub.dispose());

const residentBytes = (): number => {
  const text = readFileSync(`/proc/${hub.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) * 1024;
};

/** The most that the hub held while each tenth of the frames was answered; `answered` counts them. */
async function peaksByTenth(answered: () => number): Promise<number[]> {
  const peaks = new Array<number>(10).fill(0);
  while (answered() < FRAMES) {
    const tenth = Math.floor((answered() / FRAMES) * 10);
    peaks[tenth] = Math.max(peaks[tenth] ?? 0, residentBytes());
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return peaks;
}

/** What became of a mutated message that was answered with AA or CA: one of these ids is on `events` or `rejected`. */
type Either = readonly string[];

/** What came back on one connection, as far as it can be told what it answers. */
class Account {
  /** Control ids that were answered CA once: an AA with one of them may be the later answer of enhanced mode. */
  readonly #committed = new Set<string>();
  /** How many CA came, and how many AA that may answer what was answered CA, or a message with the same control id. */
  commits = 0;
  later = 0;

  /** The answers to each of a wave of mutated messages: behind each goes a message of nobody's, whose refusal ends its account. */
  async wave(sender: Sender, bodies: readonly Buffer[]): Promise<string[]> {
    const marks = bodies.map((_, n) => admission(`MARK-${n}`, { 4: 'NOBODY' }));
    for (const [n, body] of bodies.entries()) sender.send(body, marks[n]!);
    const groups: string[][] = [[]];
    for (let read = 0; groups.length <= bodies.length; read++) {
      const answer = (await sender.answered(read + 1))[read]!;
      const [code = '', controlId = ''] = [answer.text('MSA', 1), answer.text('MSA', 2)];
      if (controlId === `MARK-${groups.length - 1}`) groups.push([]);
      else if (code === 'AA' && this.#committed.has(controlId)) this.later++;
      else groups.at(-1)?.push(code);
      if (code !== 'CA') continue;
      this.#committed.add(controlId);
      this.commits++;
    }
    sender.answers.length = 0;
    return groups.slice(0, bodies.length).map((codes) => codes.join(' '));
  }
}

/** One answer, or none to who wants none. AE and CE ask to send again: where much is going on, a commit may take too long. */
const ANSWERS = ['', 'AA', 'AE', 'AR', 'CA', 'CE', 'CR'];

async function fuzz(connection: number, draw: () => number, answers: Map<string, number>): Promise<Either[]> {
  const mutated = new MutatedMessages(draw, (n) => testPerson(connection * FRAMES_EACH + n).number);
  const sender = new Sender(hub.mllpAddress.port);
  const account = new Account();
  const acknowledged: Either[] = [];
  let unanswered = 0;
  for (let from = 0; from < FRAMES_EACH; from += WAVE) {
    const bodies = Array.from({ length: WAVE }, (_, n) => mutated.next(from + n));
    for (const [n, codes] of (await account.wave(sender, bodies)).entries()) {
      answers.set(codes, (answers.get(codes) ?? 0) + 1);
      if (codes === '') unanswered++;
      if (!/[AC]A/.test(codes)) continue;
      const inbound = SENDERS.map((id) => ids.inbound(id, bodies[n]!));
      acknowledged.push(inbound.flatMap((id) => [ids.event(id, 0), ids.rejection(id, 0)]));
    }
  }
  sender.socket.destroy();
  expect(account.later).toBeLessThanOrEqual(account.commits + unanswered);
  return acknowledged;
}

it('100 000 mutated frames: each is accounted for, what is acknowledged is translated or told as refused, memory is flat', async () => {
  const seed = seedOf('mutated frames');
  const answers = new Map<string, number>();
  // A draw makes its seed odd.
  const senders = Array.from({ length: CONNECTIONS }, (_, n) => fuzz(n, drawn(seed + 2 * n), answers));
  const answered = (): number => [...answers.values()].reduce((sum, count) => sum + count, 0);
  const [peaks, ...accounts] = await Promise.all([peaksByTenth(answered), ...senders]);
  const acknowledged = accounts.flat();
  // A settle waits a minute at most; behind it are more messages than that.
  await until('all is applied', () => hub.client.settle().then(() => true), 900_000);
  const megabytes = peaks.map((bytes) => Math.round(bytes / 1e6));
  process.stderr.write(`${JSON.stringify(Object.fromEntries(answers))}, MB by tenth: ${megabytes.join(' ')}\n`);
  expect(answered()).toBe(FRAMES);
  expect([...answers.keys()].filter((codes) => !ANSWERS.includes(codes))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(FRAMES_EACH);
  expect(Math.max(...peaks.slice(8)) - Math.max(...peaks.slice(1, 3))).toBeLessThan(ROOM_BYTES);

  const reader = new LogReader(hub.brokers, [hub.topics.events, hub.topics.rejected]);
  await reader.start();
  const told = new Set((await reader.all()).map(({ id }) => id));
  await reader.stop();
  expect(acknowledged.filter((either) => !either.some((id) => told.has(id)))).toEqual([]);
  expect((await fetch(`${hub.http}/health/ready`)).status).toBe(200);
});
