import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gatheringSocket } from './pool.ts';

let server: Server;
let client: Socket;
afterEach(() => {
  client.destroy();
  server.close();
});

/** A connected socket, what arrived, and how often the system was asked to write. */
async function connected() {
  let received = '';
  server = createServer((socket) => {
    socket.on('data', (chunk) => (received += chunk.toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = gatheringSocket();
  client.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await new Promise((resolve) => client.once('connect', resolve));
  let writes = 0;
  const [one, many] = [client._write.bind(client), client._writev?.bind(client)];
  Object.assign(client, {
    _write(...args: Parameters<typeof one>) {
      writes++;
      one(...args);
    },
    _writev(...args: Parameters<NonNullable<typeof many>>) {
      writes++;
      many?.(...args);
    },
  });
  const arrived = async (text: string) => {
    for (let n = 0; n < 500 && received.length < text.length; n++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(received).toBe(text);
  };
  return { arrived, writes: () => writes };
}

/** As pg sends a statement. */
function statement(name: string): void {
  client.cork();
  client.write(`parse ${name},`);
  client.write(`sync ${name};`);
  client.uncork();
}

describe('a socket that gathers what is written', () => {
  it('writes once what one turn wrote, in its order', async () => {
    const { arrived, writes } = await connected();
    statement('a');
    await Promise.resolve();
    statement('b');
    client.write('commit');
    await arrived('parse a,sync a;parse b,sync b;commit');
    expect(writes()).toBe(1);
  });

  it('writes what the next turn wrote too, and what is written as it ends', async () => {
    const { arrived, writes } = await connected();
    statement('a');
    await new Promise((resolve) => setImmediate(resolve));
    statement('b');
    client.end('end');
    await arrived('parse a,sync a;parse b,sync b;end');
    expect(writes()).toBeLessThanOrEqual(3);
  });
});
