import type { Socket } from 'node:net';
import { openSocket } from './load-socket.ts';

/** Gives the messages of one connection, in their order. */
export interface MessageSource {
  next(): Buffer;
}

const START = Buffer.from([0x0b]);
const END = Buffer.from([0x1c, 0x0d]);

/** One sender's connection: answers come in the order of the messages, so that whoever waits first is answered first. */
class LoadConnection {
  readonly #socket: Socket;
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #part = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    const lost = (): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the connection was lost'));
    };
    socket.on('error', lost);
    socket.on('close', lost);
  }

  static async open(port: number): Promise<LoadConnection> {
    return new LoadConnection(await openSocket(port));
  }

  /** Resolves when the message is acknowledged; rejects when the answer is anything but AA. */
  send(message: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(Buffer.concat([START, message, END]));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const answers = (this.#part + chunk.toString('latin1')).split('\x1c\r');
    this.#part = answers.pop() ?? '';
    for (const answer of answers) {
      const waiting = this.#waiting.shift();
      const line = answer.indexOf('\rMSA|AA|');
      if (line > 0) waiting?.resolve();
      else waiting?.reject(new Error('not acknowledged with AA'));
    }
  }
}

export interface Load {
  readonly port: number;
  readonly sources: readonly MessageSource[];
  /** Messages of one connection that may be unanswered. */
  readonly inFlight: number;
  readonly messages: number;
  /** Called after each acknowledgement with their number so far. */
  readonly onAcknowledged?: (count: number) => Promise<void> | void;
}

/**
 * As fast as the answers come, one connection per source. Resolves when all is acknowledged.
 * Out: ms from the last byte of each message to its answer.
 */
export async function sendAll({ port, sources, inFlight, messages, onAcknowledged }: Load): Promise<number[]> {
  const connections = await Promise.all(sources.map(() => LoadConnection.open(port)));
  const answered: number[] = [];
  let left = messages;
  const work = async (source: MessageSource, connection: LoadConnection): Promise<void> => {
    while (left-- > 0) {
      const sent = connection.send(source.next());
      const sentAt = performance.now();
      await sent;
      answered.push(performance.now() - sentAt);
      await onAcknowledged?.(answered.length);
    }
  };
  await Promise.all(
    sources.flatMap((source, at) => Array.from({ length: inFlight }, () => work(source, connections[at] ?? never()))),
  );
  for (const connection of connections) connection.close();
  return answered;
}

export interface Pace {
  readonly port: number;
  readonly sources: readonly MessageSource[];
  readonly perSecond: number;
  readonly seconds: number;
  /** The last byte of a message has been given to the socket. */
  readonly onSent: (message: Buffer, at: number) => void;
  readonly onAnswered: (at: number, sentAt: number) => void;
}

/** So many a second, evenly, over all connections in turn, whether or not they are answered. Resolves when all is. */
export async function sendPaced({ port, sources, perSecond, seconds, onSent, onAnswered }: Pace): Promise<void> {
  const connections = await Promise.all(sources.map(() => LoadConnection.open(port)));
  const answers: Promise<void>[] = [];
  const begin = performance.now();
  for (let n = 0; n < perSecond * seconds; n++) {
    const wait = begin + (n * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const at = n % sources.length;
    const message = (sources[at] ?? never()).next();
    const answer = (connections[at] ?? never()).send(message);
    const sentAt = performance.now();
    onSent(message, sentAt);
    answers.push(answer.then(() => onAnswered(performance.now(), sentAt)));
  }
  await Promise.all(answers);
  for (const connection of connections) connection.close();
}

function never(): never {
  throw new Error('a connection without a source');
}
