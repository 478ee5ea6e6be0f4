import { createConnection, type Socket } from 'node:net';
import { decodeCharset, frame, MllpFramer, parseMessage, readHeader } from '#libs/hl7v2';

/** What the hub answered. */
export interface Answer {
  /** MSA-1 of its acknowledgement. */
  readonly code: string;
  /** What it says is wrong, in words: ERR-5 and ERR-8, before version 2.5 MSA-3. */
  readonly said?: string;
}

/** The hub closed the connection, or did not answer in time. Whether it has the message is not known then. */
class Unanswered extends Error {}

interface Address {
  readonly host: string;
  readonly port: number;
}

const inTheClear = (address: Address): Socket => createConnection({ ...address, noDelay: true });

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
  readonly #connect: (address: Address) => Socket;
  #socket: Socket | undefined;
  #waiting: Waiting[] = [];

  /**
   * @param patienceMillis how long an answer may take, by the machine's clock
   * @param connect opens a connection; without it one in the clear
   */
  constructor(address: Address, patienceMillis = 30_000, connect = inTheClear) {
    this.#host = address.host;
    this.#port = address.port;
    this.#patienceMillis = patienceMillis;
    this.#connect = connect;
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
    const socket = this.#connect({ host: this.#host, port: this.#port });
    const framer = new MllpFramer({ largestFrame: LARGEST_ANSWER });
    const mine: Waiting[] = [];
    const followed = new Set<string>();
    this.#waiting = mine;
    socket.on('data', (chunk) => {
      for (const event of framer.push(chunk)) {
        if (event.kind !== 'frame') continue;
        const { controlId, ...answer } = readAnswer(event.body);
        // What follows a CA, when the message has been read, answers nobody who still waits.
        if (answer.code !== 'CA' && followed.delete(controlId)) continue;
        if (answer.code === 'CA') followed.add(controlId);
        mine.shift()?.answer(answer);
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

/** The answer, found without trusting anything else of what came, and MSA-2: which message it is to. */
function readAnswer(body: Buffer): Answer & { readonly controlId: string } {
  const header = readHeader(body);
  const decoded = decodeCharset(body, header.ok ? header.value.characterSet : '', '8859/1');
  const message = parseMessage(decoded.ok ? decoded.value.text : body.toString('latin1'));
  if (!message.ok) return { code: '?', controlId: '' };
  const controlId = message.value.text('MSA', 2) ?? '';
  const said = [message.value.text('ERR', 5), message.value.text('ERR', 8), message.value.text('MSA', 3)]
    .filter((text) => text !== undefined)
    .join(' ');
  return { code: message.value.text('MSA', 1) ?? '?', controlId, ...(said !== '' && { said }) };
}
