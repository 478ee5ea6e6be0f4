import type { Socket } from 'node:net';
import { openSocket } from './load-socket.ts';

/** What is posted, as often as it is asked for. */
export interface Requests {
  readonly path: string;
  readonly contentType: string;
  readonly token: string;
  readonly next: () => Buffer;
}

/**
 * As fast as the answers come, over kept connections with one request at a time each.
 * @returns ms from each request to its answer @throws when one is not answered 200
 */
export async function postAll(base: string, requests: Requests, connections: number, count: number): Promise<number[]> {
  const port = Number(new URL(base).port);
  const open = await Promise.all(Array.from({ length: connections }, () => LoadConnection.open(port)));
  const answered: number[] = [];
  let left = count;
  const work = async (connection: LoadConnection): Promise<void> => {
    while (left-- > 0) {
      const request = written(requests);
      const begun = performance.now();
      await connection.ask(request);
      answered.push(performance.now() - begun);
    }
  };
  await Promise.all(open.map(work));
  for (const connection of open) connection.close();
  return answered;
}

function written({ path, contentType, token, next }: Requests): Buffer {
  const body = next();
  const head =
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${contentType}\r\n` +
    `authorization: Bearer ${token}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const ANSWER = /^HTTP\/1\.1 (\d{3}) [^]*?\r\ncontent-length: (\d+)\r\n(?:[^]*?\r\n)?\r\n/i;

/**
 * A kept connection with one request at a time. As bare as the MLLP side's: a client of Node's costs as much as the hub does,
 * and what is measured is the hub.
 */
class LoadConnection {
  readonly #socket: Socket;
  #waiting: PromiseWithResolvers<undefined> | undefined;
  #part = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    const lost = (): void => this.#waiting?.reject(new Error('the connection was lost'));
    socket.on('error', lost);
    socket.on('close', lost);
  }

  static async open(port: number): Promise<LoadConnection> {
    return new LoadConnection(await openSocket(port));
  }

  /** Resolves when it is answered 200; rejects when it is answered otherwise. */
  ask(request: Buffer): Promise<undefined> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#part += chunk.toString('latin1');
    const [head, status, length] = ANSWER.exec(this.#part) ?? [];
    if (head === undefined || this.#part.length < head.length + Number(length)) return;
    this.#part = '';
    if (status === '200') this.#waiting?.resolve(undefined);
    else this.#waiting?.reject(new Error(`answered ${status ?? ''}`));
  }
}
