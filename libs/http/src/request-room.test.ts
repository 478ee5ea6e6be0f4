import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { BodyRoom, boundConnections, MOST_BYTES_OF_CALLER, MOST_OF_ADDRESS } from './request-room.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

/** A server whose peers are all a proxy of ours, or none is. @returns its port, and the connections that it closed */
async function bounded(isProxy: boolean, silentMillis = 60_000): Promise<{ port: number; refused: () => number }> {
  let refused = 0;
  server = createServer((_request, response) => response.end('answered'));
  boundConnections(server, { silentMillis, isProxy: () => isProxy, onRefused: () => (refused += 1) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, refused: () => refused };
}

describe('the connections of a server', () => {
  it('are closed when nothing at all has come; one that has asked stays', async () => {
    const { port, refused } = await bounded(false, 30);
    const [silent, asking] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    asking.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await Promise.all([once(silent, 'close'), once(asking, 'data')]);
    expect([asking.destroyed, refused()]).toEqual([false, 0]);
    asking.destroy();
  });

  it('of a proxy of ours are as many as it likes: it stands for many', async () => {
    const { port, refused } = await bounded(true);
    const sockets = Array.from({ length: MOST_OF_ADDRESS + 1 }, () => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const last = sockets.at(-1)!;
    last.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(last, 'data');
    expect(refused()).toBe(0);
    for (const socket of sockets) socket.destroy();
  });
});

it('the room for bodies is shared: a caller that fills its own leaves that of others, and has it again', () => {
  const room = new BodyRoom();
  expect(room.take('A', MOST_BYTES_OF_CALLER)).toBe(true);
  expect(room.take('A', 1)).toBe(false);
  expect(room.take('B', MOST_BYTES_OF_CALLER)).toBe(true);
  const others = ['C', 'D', 'E', 'F', 'G', 'H', 'I'].filter((name) => room.take(name, MOST_BYTES_OF_CALLER));
  expect(others).toEqual(['C', 'D', 'E', 'F', 'G', 'H']);
  room.give('A', MOST_BYTES_OF_CALLER);
  expect(room.take('I', 1)).toBe(true);
});
