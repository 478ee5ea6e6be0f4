import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { admission } from '../../apps/ingress/test/message.ts';
import { MllpClient } from '../../apps/simulator/src/hub/mllp-client.ts';
import { frame } from '#libs/hl7v2';
import { testPerson } from '../bench/ward-messages.ts';
import { PATIENCE_MILLIS } from '../hub/until.ts';

/** The hub that somebody misbehaves towards. */
export interface Target {
  readonly mllpPort: number;
  readonly http: string;
  /** Of the callers that misbehave. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Goes on until it is told to stop, and stops within moments then. */
type Misbehaviour = (hub: Target, stopped: AbortSignal) => Promise<unknown>;

/** Who misbehaves has an address of its own, as it has outside of a test. */
const ELSEWHERE = '127.0.0.9';

function socketTo(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: ELSEWHERE });
  socket.on('error', () => undefined);
  return socket;
}

const hasStopped = (stopped: AbortSignal): boolean => stopped.aborted;

/** Writes a chunk over and over, as fast as it is taken; a new connection when the hub has ended one. Reads nothing unless told. */
async function writes(hub: Target, chunk: Buffer, stopped: AbortSignal, reads = false): Promise<void> {
  while (!stopped.aborted) {
    const socket = socketTo(hub.mllpPort);
    if (reads) socket.resume();
    while (!hasStopped(stopped) && !socket.destroyed) {
      if (!socket.writableNeedDrain) socket.write(chunk);
      await sleep(1);
    }
    socket.destroy();
  }
}

/** Opens so many connections at once, writes to each, lets them stand for a moment, and begins again. */
async function opensConnections(hub: Target, count: number, chunk: Buffer, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    const sockets = Array.from({ length: count }, () => socketTo(hub.mllpPort));
    for (const socket of sockets) socket.once('connect', () => socket.write(chunk));
    await sleep(2000, undefined, { signal: stopped }).catch(() => undefined);
    for (const socket of sockets) socket.destroy();
  }
}

/** Asks over and over, several at a time. */
async function asks(hub: Target, init: () => [path: string, init: RequestInit], stopped: AbortSignal): Promise<void> {
  const worker = async (): Promise<void> => {
    while (!stopped.aborted) {
      const [path, request] = init();
      await fetch(hub.http + path, request).then(
        (answer) => answer.arrayBuffer(),
        () => undefined,
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** On each of twenty connections, so many requests at a time, and no answer is ever read; a new one when the hub has ended one. */
async function asksAhead(hub: Target, count: number, stopped: AbortSignal): Promise<void> {
  const question = `GET /fhir/Communication?_count=200 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${hub.tokens['0180-jarva']}\r\n\r\n`;
  const port = Number(new URL(hub.http).port);
  const sockets = Array.from({ length: 20 }, () => socketTo(port));
  while (!stopped.aborted) {
    for (const [n, socket] of sockets.entries()) {
      if (socket.destroyed) sockets[n] = socketTo(port);
      else if (!socket.writableNeedDrain) socket.write(question.repeat(count));
    }
    await sleep(20);
  }
  for (const socket of sockets) socket.destroy();
}

const STRANGER = { 4: 'NOBODY' };
const unfinished = Buffer.concat([
  Buffer.from([0x0b]),
  admission('UNFINISHED', STRANGER),
  Buffer.from(`ZZZ|${'x'.repeat(980_000)}`),
]);
const search = (hub: Target, caller: string, body: string): [string, RequestInit] => [
  '/fhir/Communication/_search',
  {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.tokens[caller]}`, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  },
];
let updates = 0;
/** Messages of a sender without end: what is measured beside it takes seconds, and all of them are applied afterwards. */
const MOST_SENT = 5_000;

const connected = (hub: Target): MllpClient =>
  new MllpClient({ host: '127.0.0.1', port: hub.mllpPort }, PATIENCE_MILLIS);

/** A sender that sends without end, sixteen at a time, and waits for the answers of those. */
async function sends(hub: Target, message: (n: number) => Buffer, stopped: AbortSignal): Promise<void> {
  const client = connected(hub);
  for (let sent = 0; sent < MOST_SENT && !stopped.aborted; sent += 16) {
    const some = Array.from({ length: 16 }, () => message(updates++));
    await Promise.all(some.map((one) => client.send(one)));
  }
  client.close();
}

/** An update of one stay with more lines behind PV1. */
const updated = (n: number, visit: string, more: string): Buffer =>
  Buffer.concat([admission(`U-${n}`, { 9: 'ADT^A08' }, { 19: visit }, testPerson(2).number), Buffer.from(more)]);

/** An instant of May, as HL7 writes it. */
const timeOf = (seconds: number): string =>
  `202605${new Date(Date.UTC(2026, 4, 1) + seconds * 1000).toISOString().slice(8, 19).replace(/[-T:]/g, '')}+0200`;

export const MISBEHAVIOURS: readonly (readonly [name: string, Misbehaviour])[] = [
  ['nobody at all', (_hub, stopped) => once(stopped, 'abort')],
  [
    'strangers with control ids of a megabyte that never read',
    (hub, stopped) => {
      const chunk = frame(admission('X'.repeat(900_000), STRANGER));
      return Promise.all([1, 2, 3].map(() => writes(hub, chunk, stopped)));
    },
  ],
  [
    '1 500 connections at once with a megabyte of an unfinished frame',
    (hub, stopped) => opensConnections(hub, 1500, unfinished, stopped),
  ],
  [
    '1 500 connections at once that say nothing',
    (hub, stopped) => opensConnections(hub, 1500, Buffer.alloc(0), stopped),
  ],
  ['starts of frames without end', (hub, stopped) => writes(hub, Buffer.from('\x0bMSH|'.repeat(20_000)), stopped)],
  [
    'a sender with messages of a megabyte',
    (hub, stopped) =>
      writes(
        hub,
        frame(Buffer.concat([admission('LARGE'), Buffer.from(`ZZZ|${'x'.repeat(900_000)}\r`)])),
        stopped,
        true,
      ),
  ],
  [
    'a sender that updates one stay without end',
    (hub, stopped) => sends(hub, (n) => updated(n, 'V-UPDATED', ''), stopped),
  ],
  [
    'a sender that moves the discharge of one stay without end',
    (hub, stopped) =>
      sends(
        hub,
        (n) => updated(n, 'V-MOVED', `PV2||||||||202605${String(20 + (n % 8))}\rOBX|1|ST|NEED^^BRYGGAN||SOC||||||F\r`),
        stopped,
      ),
  ],
  [
    'a sender whose updates of one stay were each made before the last',
    (hub, stopped) =>
      sends(hub, (n) => admission(`U-${n}`, { 7: timeOf(864_000 - n), 9: 'ADT^A08' }, { 19: 'V-BACKWARDS' }), stopped),
  ],
  [
    'a sender that cancels the discharge of one stay, and discharges again, without end',
    (hub, stopped) =>
      sends(
        hub,
        (n) => admission(`U-${n}`, { 9: n % 2 === 0 ? 'ADT^A03' : 'ADT^A13' }, { 19: 'V-ENDED', 45: '202605101425' }),
        stopped,
      ),
  ],
  [
    'a sender that describes one person without end',
    async (hub, stopped) => {
      const person = testPerson(1).number;
      const client = connected(hub);
      await client.send(admission('DESCRIBED', {}, {}, person));
      client.close();
      await sends(hub, (n) => admission(`U-${n}`, { 9: 'ADT^A31' }, {}, person), stopped);
    },
  ],
  [
    'a sender with names of prototypes as codes and control characters in numbers, one stay after the other',
    (hub, stopped) =>
      sends(
        hub,
        (n) => admission(`P-${n}`, {}, { 2: 'constructor', 19: `V\0\x85-${n}`, 36: '__proto__' }, testPerson(3).number),
        stopped,
      ),
  ],
  [
    'a party that searches with 1 900 includes',
    (hub, stopped) =>
      asks(
        hub,
        () => search(hub, '0180-jarva', `category=INS${'&_include=Communication:subject'.repeat(1900)}`),
        stopped,
      ),
  ],
  [
    'a party that searches for 30 000 identifiers',
    (hub, stopped) => {
      const numbers = Array.from({ length: 30_000 }, (_, n) => testPerson(n).number).join(',');
      return asks(hub, () => search(hub, '0180-jarva', `subject:identifier=${numbers}`), stopped);
    },
  ],
  [
    'a party that reads 200 notices and all that they point at, over and over',
    (hub, stopped) => {
      const includes = ['subject', 'encounter', 'recipient'].map((name) => `_include=Communication:${name}`);
      return asks(hub, () => search(hub, '0180-jarva', ['_count=200', ...includes].join('&')), stopped);
    },
  ],
  // The hub closes those that send too far ahead; they come again.
  ['a caller that asks 50 times ahead without end and reads no answer', (hub, stopped) => asksAhead(hub, 50, stopped)],
  ['a caller that asks 10 times ahead without end and reads no answer', (hub, stopped) => asksAhead(hub, 10, stopped)],
  [
    'wrong tokens',
    (hub, stopped) => asks(hub, () => ['/fhir/Communication', { headers: { authorization: 'Bearer x' } }], stopped),
  ],
  [
    'bad JSON to operations of others',
    (hub, stopped) => {
      const headers = { authorization: `Bearer ${hub.tokens['0180-jarva']}`, 'content-type': 'application/json' };
      return asks(hub, () => ['/operations/directory', { method: 'POST', headers, body: '{"__proto__":' }], stopped);
    },
  ],
  [
    'a stranger that asks without end whether the hub is ready',
    (hub, stopped) => asks(hub, () => ['/health/ready', {}], stopped),
  ],
  [
    'requests that never end',
    async (hub, stopped) => {
      const sockets = Array.from({ length: 300 }, () => socketTo(Number(new URL(hub.http).port)));
      for (const socket of sockets)
        socket.write('POST /fhir/Communication/_search HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n');
      while (!stopped.aborted) await sleep(50);
      for (const socket of sockets) socket.destroy();
    },
  ],
];
