import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acknowledgement, frame, readHeader } from '#libs/hl7v2';
import { admission } from '../test/message.ts';
import { Sender } from '../test/sender.ts';
import { BytesInFlight, ReadTurns } from './bytes-in-flight.ts';
import {
  MllpConnection,
  type ConnectionLimits,
  type ConnectionOptions,
  type Frame,
  type Receipt,
} from './mllp-connection.ts';

/** What the connection has begun, to be answered by the test when it likes. */
class Desk {
  readonly begun: { id: string; answer: (receipt?: Partial<Receipt>) => void }[] = [];
  #changed: (() => void)[] = [];

  receive = (received: Frame): Promise<Receipt> => {
    const head = received.kind === 'frame' ? received.body : received.head;
    const header = readHeader(head);
    if (!header.ok) return Promise.resolve({ answers: [] });
    const { promise, resolve } = Promise.withResolvers<Receipt>();
    const code = received.kind === 'frame' ? 'AA' : 'AR';
    const bytes = acknowledgement({ of: header.value, code, controlId: 'A', at: '20260510' });
    this.begun.push({
      id: header.value.controlId,
      answer: (receipt = {}) => resolve({ answers: [bytes], ...receipt }),
    });
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

const LIMITS: ConnectionLimits = {
  ...{ largestFrame: 2000, maxInFlight: 4 },
  ...{ idleMillis: 60_000, endWaitMillis: 60_000, drainMillis: 60_000 },
};

type Wanted = Partial<ConnectionLimits> & Partial<Pick<ConnectionOptions, 'bytesInFlight' | 'held' | 'receive'>>;

/** A listener, one sender and its connection at our end, and what that told. */
async function connected(desk: Desk, { bytesInFlight, held, receive, ...limits }: Wanted = {}) {
  const arrived = Promise.withResolvers<{ connection: MllpConnection; socket: Socket }>();
  const told: string[] = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = new MllpConnection(socket, {
      limits: { ...LIMITS, ...limits },
      bytesInFlight: bytesInFlight ?? new BytesInFlight(1e6, () => undefined),
      readTurns: new ReadTurns(),
      held: held ?? false,
      receive: receive ?? desk.receive,
      events: {
        lost: (kind, { count, bytes }) => told.push(`${count} ${kind} ${bytes}`),
        bareEnd: () => told.push('bare end'),
        gathered: () => undefined,
        ended: (kind) => told.push(kind),
        closed: () => told.push('closed'),
      },
    });
    arrived.resolve({ connection, socket });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const sender = new Sender((server.address() as AddressInfo).port);
  senders.push(sender);
  return { sender, told, ...(await arrived.promise) };
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
    bytesInFlight.take(1000, () => undefined);
    const { sender, connection } = await connected(desk, { bytesInFlight });
    sender.send(...numbered(1));
    await turn();
    expect(desk.begun).toEqual([]);
    bytesInFlight.give(1);
    await desk.has(1);
  });

  it('takes but a share of the bytes in flight, and lets go of them when they are decided, not when they are read', async () => {
    const desk = new Desk();
    const bytesInFlight = new BytesInFlight(8 * 1.5 * admission('C-1').length, () => undefined);
    const { sender } = await connected(desk, { bytesInFlight, maxInFlight: 1000 });
    sender.send(...numbered(6));
    await desk.has(2);
    await turn();
    expect(desk.begun).toHaveLength(2);
    // The first is not answered, so nothing of the second can be written; its bytes are free all the same.
    desk.begun[1]!.answer();
    await desk.has(3);
    expect(sender.answers).toEqual([]);
  });

  it('ends a sender that does not read its answers, and holds no neighbour up with it', async () => {
    const answer = Buffer.alloc(1_000_000, 'x');
    const begun = Promise.withResolvers<undefined>();
    const receive = (): Promise<Receipt> => {
      begun.resolve(undefined);
      return Promise.resolve({ answers: [answer] });
    };
    const bytesInFlight = new BytesInFlight(1e6, () => undefined);
    const { sender, connection, told } = await connected(new Desk(), {
      receive,
      bytesInFlight,
      drainMillis: 50,
      maxInFlight: 64,
    });
    sender.socket.pause();
    sender.send(...numbered(100));
    await begun.promise;
    await connection.hold();
    while (!told.includes('closed')) await turn();
    expect(told).toEqual(['undrained', 'closed']);
    expect(bytesInFlight.full).toBe(false);
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
    const { sender, told } = await connected(desk);
    sender.socket.write(Buffer.concat([Buffer.from('noise'), frame(admission('C-1'))]));
    await desk.has(1);
    expect(told).toEqual(['1 noise 5']);
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
    const { sender, connection, told } = await connected(new Desk(), { idleMillis: 40, held: true });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sender.socket.closed).toBe(false);
    connection.release();
    await sender.closed();
    expect(told[0]).toBe('idle');
  });

  it('is not idle while its answer is waited for', async () => {
    const desk = new Desk();
    const { sender } = await connected(desk, { idleMillis: 30 });
    sender.send(...numbered(1));
    await desk.has(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    desk.answerAll();
    await sender.answered(1);
    await sender.closed();
  });

  it.each([
    ['its agreement says that it may be silent for ever', 0, 0],
    ['its agreement says how long', 90, 90_000],
    ['its agreement says nothing', undefined, LIMITS.idleMillis],
  ])('waits for a silent sender as long as that: %s', async (_, idleSeconds, millis) => {
    const desk = new Desk();
    const { sender, connection, socket } = await connected(desk);
    sender.send(...numbered(1));
    await desk.has(1);
    desk.begun[0]!.answer({ agreement: idleSeconds === undefined ? {} : { idleSeconds } });
    await sender.answered(1);
    expect(connection.recognised).toBe(true);
    expect(socket.timeout).toBe(millis);
  });

  it('is closed when it has been silent for as long as its agreement allows', async () => {
    const desk = new Desk();
    const { sender, told } = await connected(desk, { idleMillis: 0 });
    sender.send(...numbered(1));
    await desk.has(1);
    desk.begun[0]!.answer({ agreement: { idleSeconds: 0.03 } });
    await sender.closed();
    expect([sender.told, told[0]]).toEqual([['AA of C-1'], 'idle']);
  });

  describe('a frame whose FS no CR follows', () => {
    const bare = (id: string) => frame(admission(id)).subarray(0, -1);

    it('is taken when nothing follows for a moment; a late CR is passed over', async () => {
      const desk = new Desk();
      const { sender, told } = await connected(desk, { endWaitMillis: 30 });
      for (const id of ['C-1', 'C-2']) {
        sender.socket.write(bare(id));
        await desk.has(Number(id.slice(2)));
        sender.socket.write('\r');
      }
      desk.answerAll();
      await sender.answered(2);
      expect(sender.told).toEqual(['AA of C-1', 'AA of C-2']);
      expect(told).toEqual(['bare end', 'bare end']);
    });

    it('is not taken while something follows, nor while the connection is not read', async () => {
      const desk = new Desk();
      const { sender, told, connection } = await connected(desk, { endWaitMillis: 40 });
      sender.socket.write(bare('C-1'));
      await turn();
      void connection.hold();
      await new Promise((resolve) => setTimeout(resolve, 150));
      sender.socket.write('\r');
      connection.release();
      await desk.has(1);
      expect(told).toEqual([]);
    });

    it('waits for a CR that comes in the next chunk', async () => {
      const desk = new Desk();
      const { sender, told } = await connected(desk);
      sender.socket.write(bare('C-1'));
      await turn();
      expect(desk.begun).toEqual([]);
      sender.socket.write('\r');
      await desk.has(1);
      expect(told).toEqual([]);
    });
  });

  it('answers each frame once and in order, however the bytes are cut and the answers ripen', async () => {
    const script = fc.record({
      cuts: fc.array(fc.nat(), { maxLength: 12 }),
      delays: fc.array(fc.nat(3), { minLength: 8, maxLength: 8 }),
      many: fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(script, async ({ cuts, delays, many }) => {
        const answers = (n: number): Buffer[] => Array.from({ length: many[n]! }, (_, k) => Buffer.from(`${n}.${k}`));
        let begun = 0;
        const receive = async (): Promise<Receipt> => {
          const n = begun++;
          for (let i = 0; i < delays[n]!; i++) await new Promise(setImmediate);
          return { answers: answers(n) };
        };
        const { sender } = await connected(new Desk(), { receive, maxInFlight: 3 });
        const stream = Buffer.concat(numbered(8).map(frame));
        const places = [0, ...cuts.map((cut) => cut % stream.length), stream.length].sort((a, b) => a - b);
        const chunks: Buffer[] = [];
        sender.socket.removeAllListeners('data').on('data', (chunk: Buffer) => chunks.push(chunk));
        for (let i = 1; i < places.length; i++) {
          sender.socket.write(stream.subarray(places[i - 1], places[i]));
          await new Promise(setImmediate);
        }
        sender.socket.end();
        await sender.closed();
        server?.close();
        expect(Buffer.concat(chunks)).toEqual(Buffer.concat(numbered(8).flatMap((_, n) => answers(n).map(frame))));
      }),
      { numRuns: 60 },
    );
  });
});
