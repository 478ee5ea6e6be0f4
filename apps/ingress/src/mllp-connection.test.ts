import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { acknowledgement, frame, readHeader } from '#libs/hl7v2';
import { admission } from '../test/message.ts';
import { Sender } from '../test/sender.ts';
import { BytesInFlight } from './bytes-in-flight.ts';
import { MllpConnection, type ConnectionOptions, type Frame } from './mllp-connection.ts';

/** What the connection has begun, to be answered by the test when it likes. */
class Desk {
  readonly begun: { id: string; answer: () => void }[] = [];
  #changed: (() => void)[] = [];

  receive = (received: Frame): Promise<Buffer | undefined> => {
    const head = received.kind === 'frame' ? received.body : received.head;
    const header = readHeader(head);
    if (!header.ok) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
    const code = received.kind === 'frame' ? 'AA' : 'AR';
    const bytes = acknowledgement({ of: header.value, code, controlId: 'A', at: '20260510' });
    this.begun.push({ id: header.value.controlId, answer: () => resolve(bytes) });
    for (const tell of this.#changed.splice(0)) tell();
    return promise;
  };

  /** Resolves when so many frames have been begun. */
  async has(count: number): Promise<void> {
    while (this.begun.length < count) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  answerAll(): void {
    for (const { answer } of this.begun) answer();
  }
}

let server: Server | undefined;
const senders: Sender[] = [];

afterEach(() => {
  for (const sender of senders.splice(0)) sender.socket.destroy();
  server?.close();
});

/** A listener, one sender and its connection at our end. */
async function connected(desk: Desk, options: Partial<ConnectionOptions> = {}) {
  const arrived = Promise.withResolvers<MllpConnection>();
  const lost: string[] = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    arrived.resolve(
      new MllpConnection(socket, {
        largestFrame: 2000,
        maxInFlight: 4,
        idleMillis: 60_000,
        bytesInFlight: new BytesInFlight(1e6, () => undefined),
        held: false,
        receive: desk.receive,
        onLost: (kind, length) => lost.push(`${kind} ${length}`),
        onClose: () => undefined,
        ...options,
      }),
    );
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const sender = new Sender((server.address() as AddressInfo).port);
  senders.push(sender);
  return { sender, connection: await arrived.promise, lost };
}

const numbered = (count: number, from = 1) => Array.from({ length: count }, (_, i) => admission(`C-${i + from}`));
const told = (count: number, code = 'AA') => Array.from({ length: count }, (_, i) => `${code} of C-${i + 1}`);
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('a connection', () => {
  it('answers in the order of the frames, whatever is stored first', async () => {
    const desk = new Desk();
    const { sender } = await connected(desk);
    sender.send(...numbered(3));
    await desk.has(3);
    desk.begun[2]!.answer();
    desk.begun[1]!.answer();
    await turn();
    expect(sender.told).toEqual([]);
    desk.begun[0]!.answer();
    await sender.answered(3);
    expect(sender.told).toEqual(told(3));
  });

  it('begins no more than its limit, and stops reading', async () => {
    const desk = new Desk();
    const { sender } = await connected(desk, { maxInFlight: 4 });
    sender.send(...numbered(50));
    await desk.has(4);
    await turn();
    expect(desk.begun).toHaveLength(4);
    desk.begun[0]!.answer();
    await desk.has(5);
    expect(desk.begun.map(({ id }) => id)).toEqual(['C-1', 'C-2', 'C-3', 'C-4', 'C-5']);
    for (let i = 1; i < 50; i++) {
      await desk.has(i + 1);
      desk.begun[i]!.answer();
    }
    await sender.answered(50);
    expect(sender.told).toEqual(told(50));
  });

  it('begins nothing when the whole process has too many bytes in flight, and goes on when there is room', async () => {
    const desk = new Desk();
    const bytesInFlight = new BytesInFlight(1000, () => connection.pump());
    bytesInFlight.take(1000);
    const { sender, connection } = await connected(desk, { bytesInFlight });
    sender.send(...numbered(1));
    await turn();
    expect(desk.begun).toEqual([]);
    bytesInFlight.give(1);
    await desk.has(1);
  });

  it('held: answers what is begun, begins nothing, stays open; released: goes on', async () => {
    const desk = new Desk();
    const { sender, connection } = await connected(desk);
    sender.send(...numbered(2));
    await desk.has(2);
    let held = false;
    const holding = connection.hold().then(() => (held = true));
    sender.send(...numbered(1, 3));
    await turn();
    expect([desk.begun.length, held]).toEqual([2, false]);
    desk.answerAll();
    await holding;
    expect(await sender.answered(2)).toHaveLength(2);
    expect([desk.begun.length, sender.socket.closed]).toEqual([2, false]);
    connection.release();
    await desk.has(3);
    desk.answerAll();
    await sender.answered(3);
    expect(sender.told).toEqual(told(3));
  });

  it('answers all that a sender sent before it closed its end', async () => {
    const desk = new Desk();
    const { sender } = await connected(desk);
    sender.send(...numbered(6));
    sender.socket.end();
    for (let i = 0; i < 6; i++) {
      await desk.has(i + 1);
      desk.begun[i]!.answer();
    }
    await sender.closed();
    expect(sender.told).toEqual(told(6));
  });

  it('lives on when a sender resets it in the middle', async () => {
    const desk = new Desk();
    const { sender, connection } = await connected(desk);
    sender.send(...numbered(2));
    await desk.has(2);
    sender.socket.resetAndDestroy();
    await sender.closed();
    desk.answerAll();
    await connection.hold();
  });

  it('tells of bytes that are no message by their number alone', async () => {
    const desk = new Desk();
    const { sender, lost } = await connected(desk);
    sender.socket.write(Buffer.concat([Buffer.from('noise'), frame(admission('C-1'))]));
    await desk.has(1);
    expect(lost).toEqual(['noise 5']);
  });

  it('refuses a frame past the limit in its turn', async () => {
    const desk = new Desk();
    const { sender } = await connected(desk);
    const large = Buffer.concat([admission('C-2'), Buffer.from(`ZZZ|${'x'.repeat(5000)}\r`)]);
    sender.send(admission('C-1'), large, admission('C-3'));
    await desk.has(3);
    desk.answerAll();
    await sender.answered(3);
    expect(sender.told).toEqual(['AA of C-1', 'AR of C-2', 'AA of C-3']);
  });

  it('is closed after the idle limit, but not while it is held', async () => {
    const { sender, connection } = await connected(new Desk(), { idleMillis: 40, held: true });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sender.socket.closed).toBe(false);
    connection.release();
    await sender.closed();
  });
});
