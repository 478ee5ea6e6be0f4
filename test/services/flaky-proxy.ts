import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaFrames } from './kafka-frames.ts';

/** What goes wrong, each with its probability per frame (one request or one reply of the Kafka protocol). */
export interface FlakyOptions {
  /** The broker's own port; the broker must advertise the proxy's (`advertisedPort`). */
  readonly targetPort: number;
  /** Default: a free one. */
  readonly port?: number;
  /** The same seed draws the same numbers; what they hit depends on the order of the frames. */
  readonly seed: number;
  /** The broker did it, and its reply is lost with the connection. */
  readonly loseReply?: number;
  /** The connection is reset before the broker has the whole request. */
  readonly loseRequest?: number;
  /** A reply is late by up to this many milliseconds; default 0. */
  readonly delayMs?: number;
  /** Which requests and replies are hit, by API key (0 produce, 1 fetch, 11 join group ...); default all. */
  readonly apiKeys?: readonly number[];
}

/** A proxy in front of a broker that can be told to behave. */
export interface FlakyProxy {
  readonly port: number;
  /** How often each fault has been done: a test that saw none has tested nothing. */
  readonly faults: { readonly lostReplies: number; readonly lostRequests: number };
  /** Faults from now on, or none. It begins calm, so that clients can be set up. */
  misbehave(on: boolean): void;
  /** Resets all connections and takes no new ones (false), or takes them again (true). */
  reachable(on: boolean): void;
  stop(): Promise<void>;
}

/** xorshift32: small, and the same everywhere. */
function drawFrom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** What the connections of one proxy share. */
interface Weather {
  readonly draw: () => number;
  readonly sockets: Set<Socket>;
  readonly faults: { lostReplies: number; lostRequests: number };
  misbehaving: boolean;
  open: boolean;
}

/** @returns a TCP proxy on the loopback that knows the frames of Kafka, calm until told otherwise */
export async function startFlakyProxy(options: FlakyOptions): Promise<FlakyProxy> {
  const weather: Weather = {
    draw: drawFrom(options.seed),
    sockets: new Set(),
    faults: { lostReplies: 0, lostRequests: 0 },
    misbehaving: false,
    open: true,
  };
  const server = createServer((client) => carry(client, options, weather));
  const port = await listen(server, options.port ?? 0);
  const resetAll = (): void => weather.sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    port,
    faults: weather.faults,
    misbehave(on) {
      weather.misbehaving = on;
    },
    reachable(on) {
      weather.open = on;
      if (!on) resetAll();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        resetAll();
      }),
  };
}

/** Carries one client's connection to the broker and back. */
function carry(client: Socket, options: FlakyOptions, weather: Weather): void {
  const broker = connect(options.targetPort, '127.0.0.1');
  const reset = (): void => [client, broker].forEach((socket) => socket.resetAndDestroy());
  for (const socket of [client, broker]) {
    weather.sockets.add(socket.setNoDelay(true));
    socket.on('error', reset);
    socket.on('close', () => {
      weather.sockets.delete(socket);
      reset();
    });
  }
  if (!weather.open) reset();
  const hits = (apiKey: number, probability = 0): boolean =>
    weather.misbehaving && (options.apiKeys?.includes(apiKey) ?? true) && weather.draw() < probability;
  const asked = new Map<number, number>();

  const onRequest = (frame: Buffer): void => {
    const apiKey = frame.readInt16BE(4);
    asked.set(frame.readInt32BE(8), apiKey);
    if (hits(apiKey, options.loseRequest)) {
      weather.faults.lostRequests += 1;
      broker.write(frame.subarray(0, frame.length >> 1), reset);
    } else broker.write(frame);
  };
  let sent = Promise.resolve(); // Kafka answers in order: a late reply holds back those behind it
  const onReply = (frame: Buffer): void => {
    const correlation = frame.readInt32BE(4);
    const lost = hits(asked.get(correlation) ?? -1, options.loseReply);
    asked.delete(correlation);
    const late = weather.misbehaving ? Math.round(weather.draw() * (options.delayMs ?? 0)) : 0;
    if (lost) weather.faults.lostReplies += 1;
    sent = sent
      .then(() => (late > 0 ? sleep(late) : undefined))
      .then(() => (lost ? reset() : void client.write(frame)));
  };
  client.on('data', kafkaFrames(onRequest));
  broker.on('data', kafkaFrames(onReply));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}
