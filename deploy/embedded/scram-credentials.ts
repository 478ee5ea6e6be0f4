import { pbkdf2, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';

/*
 * The one request of Kafka's protocol that kafkajs does not have: AlterUserScramCredentials. Kafka's own tool takes 1.4 s and
 * a Java for each user, which a county of some hundred parties cannot wait for; this sets all of them in some milliseconds.
 * Three requests on one connection: SaslHandshake, SaslAuthenticate (PLAIN), AlterUserScramCredentials, each a frame of a
 * length and its bytes, answered in order (https://kafka.apache.org/protocol).
 */

/** The least that Kafka takes. What it protects are 256 random bits, which no number of guesses finds. */
const ITERATIONS = 4096;
const SHA_512_BYTES = 64;
/** Kafka's numbers: ScramMechanism.SCRAM_SHA_512, and the error of a deletion of nobody. */
const SCRAM_SHA_512 = 2;
const RESOURCE_NOT_FOUND = 91;
const WITHIN_MS = 10_000;

/** What is to be set. */
export interface ScramChange {
  /** Passwords by name. */
  readonly set: ReadonlyMap<string, string>;
  /** Names that may log in no more; one that could not before is fine. */
  readonly remove: readonly string[];
}

/**
 * Sets the SCRAM-SHA-512 credentials of users, all in one request.
 * @param port of a broker on the loopback with PLAIN among its mechanisms
 * @param login a user who may alter the cluster
 * @throws Error when the broker refuses it, or does not answer within 10 s
 */
export async function alterScramCredentials(
  port: number,
  login: { readonly username: string; readonly password: string },
  { set, remove }: ScramChange,
): Promise<void> {
  const upsertions = await Promise.all([...set].map(([name, password]) => upsertion(name, password)));
  const deletions = remove.map((name) => Buffer.concat([compactText(name), int8(SCRAM_SHA_512), NO_TAGS]));
  const connection = await Exchange.open(port);
  try {
    const handshake = await connection.ask(17, 1, text('PLAIN'));
    if (handshake.readInt16BE(4) !== 0) throw new Error('the broker does not take PLAIN');
    const token = Buffer.from(`\0${login.username}\0${login.password}`);
    const authenticated = await connection.ask(36, 0, Buffer.concat([int32(token.length), token]));
    if (authenticated.readInt16BE(4) !== 0) throw new Error('the broker refuses its own user');
    const answer = await connection.ask(
      51,
      0,
      Buffer.concat([compactArray(deletions), compactArray(upsertions), NO_TAGS]),
      NO_TAGS,
    );
    const failed = resultsOf(answer).filter(({ error }) => error !== 0 && error !== RESOURCE_NOT_FOUND);
    if (failed.length > 0) throw new Error(failed.map(({ user, error }) => `${user}: error ${error}`).join(', '));
  } finally {
    connection.close();
  }
}

async function upsertion(name: string, password: string): Promise<Buffer> {
  const salt = randomBytes(32);
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, SHA_512_BYTES, 'sha512');
  const parts = [compactText(name), int8(SCRAM_SHA_512), int32(ITERATIONS), compactBytes(salt), compactBytes(salted)];
  return Buffer.concat([...parts, NO_TAGS]);
}

/** After correlation id, tags and throttle time: an array of user, error, message. */
function resultsOf(answer: Buffer): { user: string; error: number }[] {
  let at = 9;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = answer.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const string = (): string => {
    const length = Math.max(number() - 1, 0);
    at += length;
    return answer.toString('utf8', at - length, at);
  };
  return Array.from({ length: number() - 1 }, () => {
    const user = string();
    const error = answer.readInt16BE(at);
    at += 2;
    string();
    at += 1; // tags: none
    return { user, error };
  });
}

/** One connection, one question at a time. */
class Exchange {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #asked = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static open(port: number): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(new Exchange(socket)));
      socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error('the broker does not answer')));
      socket.on('error', reject);
    });
  }

  /** @returns the answer from its correlation id on */
  ask(api: number, version: number, body: Buffer, tags = Buffer.alloc(0)): Promise<Buffer> {
    this.#asked += 1;
    const request = Buffer.concat([int16(api), int16(version), int32(this.#asked), text('bryggan'), tags, body]);
    this.#socket.write(Buffer.concat([int32(request.length), request]));
    return new Promise((resolve, reject) => {
      const ended = (error?: Error): void => reject(error ?? new Error('the broker closed the connection'));
      const take = (chunk: Buffer): void => {
        this.#received = Buffer.concat([this.#received, chunk]);
        const end = this.#received.length < 4 ? Infinity : 4 + this.#received.readInt32BE(0);
        if (this.#received.length < end) return;
        this.#socket.off('data', take).off('error', ended).off('close', ended);
        const answer = this.#received.subarray(4, end);
        this.#received = this.#received.subarray(end);
        resolve(answer);
      };
      this.#socket
        .on('data', take)
        .once('error', ended)
        .once('close', () => ended());
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

const NO_TAGS = Buffer.from([0]);
const int8 = (value: number): Buffer => Buffer.from([value]);

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function unsigned(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** Compact: a length that is one more than it is, for 0 means none at all. */
const compactBytes = (bytes: Buffer): Buffer => Buffer.concat([unsigned(bytes.length + 1), bytes]);
const compactText = (value: string): Buffer => compactBytes(Buffer.from(value));
const compactArray = (items: readonly Buffer[]): Buffer => Buffer.concat([unsigned(items.length + 1), ...items]);
