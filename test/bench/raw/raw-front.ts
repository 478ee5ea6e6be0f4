import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** MLLP without its cares: frames in, `store` each, then AA; answers in order. Resolves with the server on a free port. */
export function rawFront(store: (body: Buffer) => Promise<void>): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => receive(socket, store));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

function receive(socket: Socket, store: (body: Buffer) => Promise<void>): void {
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  let rest: Buffer = Buffer.alloc(0);
  let last = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0x1c); end >= 0 && end + 1 < rest.length; end = rest.indexOf(0x1c)) {
      const body = rest.subarray(1, end);
      rest = rest.subarray(end + 2);
      const stored = store(body);
      last = last.then(() => stored).then(() => void socket.write(ANSWER));
    }
  });
}

const ANSWER = '\x0bMSH|^~\\&|BRYGGAN|BRYGGAN|JOURNAL|KS|20260101120000+0000||ACK|1|P|2.5.1\rMSA|AA|12345678\r\x1c\r';
