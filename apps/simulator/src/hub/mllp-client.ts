import { createConnection, type Socket } from 'node:net';
import { frame, MllpFramer, readHeader } from '#libs/hl7v2';

/** What the hub answered: MSA-1 of its acknowledgement. */
export interface Answer {
  readonly code: string;
}

/** The hub closed the connection, or did not answer in time. Whether it has the message is not known then. */
class Unanswered extends Error {}

const LARGEST_ANSWER = 65_536;

interface Waiting {
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
}

/**
 * A sender's connection. It does not wait for one answer before it sends the next message: answers come in order. A
 * connection that has been closed is opened anew with the next message.
 */
export class MllpClient {
  readonly #host: string;
  readonly #port: number;
  readonly #patienceMillis: number;
  #socket: Socket | undefined;
  #waiting: Waiting[] = [];

  /** @param patienceMillis how long an answer may take, by the machine's clock */
  constructor(address: { readonly host: string; readonly port: number }, patienceMillis = 30_000) {
    this.#host = address.host;
    this.#port = address.port;
    this.#patienceMillis = patienceMillis;
  }

  /** Sends one message (not framed). @throws Unanswered */
  async send(message: Buffer): Promise<Answer> {
    const socket = this.#open();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new Unanswered('no answer in time')), this.#patienceMillis);
      this.#waiting.push({
        answer: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      socket.write(frame(message));
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const socket = createConnection({ host: this.#host, port: this.#port, noDelay: true });
    const framer = new MllpFramer({ largestFrame: LARGEST_ANSWER });
    const mine: Waiting[] = [];
    this.#waiting = mine;
    socket.on('data', (chunk) => {
      for (const event of framer.push(chunk)) {
        if (event.kind === 'frame') mine.shift()?.answer(readAnswer(event.body));
      }
    });
    socket.on('error', (error) => failAll(mine, error));
    socket.on('close', () => failAll(mine, new Unanswered('the connection was closed')));
    this.#socket = socket;
    return socket;
  }
}

function failAll(waiting: Waiting[], error: Error): void {
  for (const { fail } of waiting.splice(0)) fail(error);
}

/** MSA-1, found without trusting anything else of the answer. */
function readAnswer(body: Buffer): Answer {
  const header = readHeader(body);
  const line = body
    .toString('utf8')
    .split(/\r\n?|\n/)
    .find((segment) => segment.startsWith('MSA'));
  return { code: (header.ok && line?.split('|')[1]) || '?' };
}
