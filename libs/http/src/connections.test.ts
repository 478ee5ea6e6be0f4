import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Connections, MOST_OF_ADDRESS, MOST_WAITING } from './connections.ts';

let server: Server;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
});

interface Bounded {
  readonly port: number;
  readonly refused: () => number;
  /** The requests that were begun, by their path. */
  readonly begun: string[];
}

type Handler = (path: string, response: ServerResponse) => void;

/** A server with bounded connections, whose peers are all a proxy of ours, or none is. */
async function bounded(
  handle: Handler = (path, response) => response.end(path),
  { isProxy = false, silentMillis = 60_000 } = {},
): Promise<Bounded> {
  let refused = 0;
  const begun: string[] = [];
  const onRefused = (): void => void (refused += 1);
  const connections = new Connections({ silentMillis, isProxy: () => isProxy, onRefused });
  server = createServer((request, response) =>
    connections.inTurn(request, response, () => {
      begun.push(request.url ?? '');
      handle(request.url ?? '', response);
    }),
  );
  connections.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, refused: () => refused, begun };
}

function connectTo(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

const request = (path: string | number, more = ''): string => `GET /${path} HTTP/1.1\r\nhost: x\r\n${more}\r\n`;
const LAST = 'connection: close\r\n';

/** Asks once. @returns the connection, idle by then */
async function answered(port: number): Promise<Socket> {
  const socket = connectTo(port);
  socket.write(request('first'));
  await once(socket, 'data');
  return socket;
}

describe('the connections of a server', () => {
  it('are closed when nothing at all has come; one that has asked stays', async () => {
    const { port, refused } = await bounded(undefined, { silentMillis: 30 });
    const [silent, asking] = [connectTo(port), await answered(port)];
    await once(silent, 'close');
    expect([asking.destroyed, refused()]).toEqual([false, 0]);
  });

  it('are kept for longer than the minute for which clients and proxies keep theirs', async () => {
    const { port } = await bounded();
    const { headers } = await fetch(`http://127.0.0.1:${port}/`);
    expect(Number(/^timeout=(\d+)$/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
  });

  it('of a proxy of ours are as many as it likes: it stands for many', async () => {
    const { port, refused } = await bounded(undefined, { isProxy: true });
    const many = Array.from({ length: MOST_OF_ADDRESS + 1 }, () => connectTo(port));
    await Promise.all(many.map((socket) => once(socket, 'connect')));
    await answered(port);
    expect(refused()).toBe(0);
  });

  it('beyond the bound of an address: the longest idle gives way, and without an idle one the newcomer', async () => {
    const { port, refused } = await bounded();
    const [first, second] = [await answered(port), await answered(port)];
    // Its next request is on its way.
    second.write('GET /sec');
    const silent = Array.from({ length: MOST_OF_ADDRESS - 2 }, () => connectTo(port));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const newcomer = connectTo(port);
    newcomer.write(request('newcomer'));
    await Promise.all([once(first, 'close'), once(newcomer, 'data')]);
    newcomer.write('GET /again');
    const late = connectTo(port);
    await once(late, 'close');
    expect([second.destroyed, newcomer.destroyed, refused()]).toEqual([false, false, 1]);
    second.write('ond HTTP/1.1\r\nhost: x\r\n\r\n');
    const [answer] = (await once(second, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/\/second$/);
  });

  it('end with their answer when the server closes meanwhile, and are not waited for', async () => {
    let response: ServerResponse | undefined;
    const { port } = await bounded((_path, one) => (response = one));
    const socket = connectTo(port);
    socket.write(request('slow'));
    while (response === undefined) await new Promise((resolve) => setImmediate(resolve));
    const closed = new Promise((resolve) => server.close(resolve));
    response.end('the answer');
    expect(await text(socket)).toMatch(/the answer$/);
    await closed;
  });

  it('end when the rest of a refused request has come to a server that closes, and are not waited for', async () => {
    const { port } = await bounded((_path, response) => response.writeHead(413).end());
    const socket = connectTo(port);
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nab');
    await once(socket, 'data');
    const closed = new Promise((resolve) => server.close(resolve));
    socket.write('cd');
    await closed;
  }, 10_000);
});

describe('the requests of one connection', () => {
  it('are worked on one at a time, and answered in their order', async () => {
    let [underWay, most] = [0, 0];
    const { port, begun } = await bounded((path, response) => {
      most = Math.max(most, ++underWay);
      setImmediate(() => {
        underWay -= 1;
        response.end(`<${path}>`);
      });
    });
    const socket = connectTo(port);
    const paths = Array.from({ length: MOST_WAITING + 1 }, (_, n) => `/${n}`);
    socket.write(paths.map((path, n) => request(path.slice(1), n === MOST_WAITING ? LAST : '')).join(''));
    expect((await text(socket)).match(/<[^>]*>/g)).toEqual(paths.map((path) => `<${path}>`));
    expect([begun, most]).toEqual([paths, 1]);
  });

  it('of which too many are sent ahead close it, and the rest of them is not begun', async () => {
    const { port, begun, refused } = await bounded(() => undefined);
    const socket = connectTo(port);
    socket.write(Array.from({ length: 300 }, (_, n) => request(n)).join(''));
    await once(socket, 'close');
    expect([begun, refused()]).toEqual([['/0'], 1]);
  });

  it('wait while its answers are not read, and those of another connection do not', async () => {
    const answer = Buffer.alloc(8 * 1024 * 1024);
    const { port, begun } = await bounded((path, response) => response.end(path === '/first' ? 'x' : answer));
    const socket = connectTo(port).pause();
    socket.write(Array.from({ length: 10 }, (_, n) => request(n, n === 9 ? LAST : '')).join(''));
    for (let n = 0; n < 50; n++) (await answered(port)).destroy();
    // What the system itself buffers of a connection is less than two such answers.
    expect(begun.filter((path) => path !== '/first').length).toBeLessThanOrEqual(3);
    expect((await text(socket)).match(/HTTP\/1.1 200/g)).toHaveLength(10);
    expect(begun.filter((path) => path !== '/first')).toHaveLength(10);
  });
});
