import { connect, type Socket } from 'node:net';
import { observation, wardMessage } from '../../libs/fhir/definitions/incoming-message.ts';
import { makeTopics, sourcesFor, type World } from './bench-world.ts';
import { Child } from './child.ts';
import { portOf } from './hub-line.ts';
import { sendAll } from './mllp-load.ts';
import { compare, measurePass, shown, type Comparison, type Pass } from './pass.ts';

const CONNECTIONS = 32;
const IN_FLIGHT = 4;
const TOKEN = 'token-of-the-measured-sender';

/**
 * `POST /fhir/$process-message` beside MLLP, at the same ingress and with as many messages in flight (128): what the register
 * costs that gives the same message the same answer for ever. `raw` of the comparison is MLLP.
 */
export async function measureMessages(world: World): Promise<Comparison> {
  const { options, say, services, county } = world;
  await makeTopics(world, 'messages-');
  const told = {
    ...{ brokers: services.brokers, stateDir: services.folder('messages'), token: TOKEN },
    databaseUrl: await services.database('messages'),
  };
  const environment = { BRYGGAN_TOPIC_PREFIX: 'messages-', BRYGGAN_MLLP_PORT: '0', BRYGGAN_LOG_LEVEL: 'warn' };
  const { profileDir } = options;
  const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const child = await Child.start('messages-child.js', told, environment, profile);
  const { mllp, http } = child.ready as { readonly mllp: string; readonly http: string };
  const load = { port: portOf(mllp), sources: sourcesFor(county, CONNECTIONS), inFlight: IN_FLIGHT };
  const byMllp = (messages: number) => sendAll({ ...load, messages });
  const messages = options.ingressMessages;
  const passOf = (work: (messages: number) => Promise<readonly number[]>): Promise<Pass> =>
    measurePass({
      ...{ pids: { line: child.pid, ...services.pids }, messages, counts: () => Promise.resolve({}) },
      work: () => work(messages),
    });
  await byMllp(options.warmUpMessages);
  await postAll(http, options.warmUpMessages);
  const [ours, raw]: [Pass[], Pass[]] = [[], []];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await passOf((count) => postAll(http, count)));
    raw.push(await passOf(byMllp));
    say(`messages, round ${round + 1}: ${shown(ours.at(-1))}\n  MLLP: ${shown(raw.at(-1))}`);
  }
  await child.stop();
  return compare(ours, raw);
}

let sent = 0;

/** @returns ms from each request to its answer @throws when one is not taken */
async function postAll(base: string, messages: number): Promise<number[]> {
  const { port } = new URL(base);
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS * IN_FLIGHT }, () => LoadConnection.open(Number(port))),
  );
  const answered: number[] = [];
  let left = messages;
  const work = async (connection: LoadConnection): Promise<void> => {
    while (left-- > 0) {
      const request = requestOf(++sent);
      const begun = performance.now();
      await connection.ask(request);
      answered.push(performance.now() - begun);
    }
  };
  await Promise.all(connections.map(work));
  for (const connection of connections) connection.close();
  return answered;
}

const MESSAGE = JSON.stringify(
  wardMessage({
    ...{ id: 'THE-ID', code: 'NEED', sender: 'KS', visitId: 'THE-VISIT' },
    facts: [observation('NEED', ['SOC', 'ROV'])],
  }),
);
const HEAD =
  'POST /fhir/$process-message HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/fhir+json\r\n' +
  `authorization: Bearer ${TOKEN}\r\ncontent-length: `;

function requestOf(n: number): string {
  const body = MESSAGE.replaceAll('THE-ID', `bench-${n}`).replaceAll('THE-VISIT', `B-${n % 5000}`);
  return `${HEAD}${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const ANSWER = /^HTTP\/1\.1 (\d{3}) [^]*?\r\ncontent-length: (\d+)\r\n[^]*?\r\n\r\n/i;

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
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    const lost = (): void => this.#waiting?.reject(new Error('the connection was lost'));
    socket.on('error', lost);
    socket.on('close', lost);
  }

  static open(port: number): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new LoadConnection(socket)));
      socket.once('error', reject);
    });
  }

  /** Resolves when it is answered 200; rejects when it is answered otherwise. */
  ask(request: string): Promise<undefined> {
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
