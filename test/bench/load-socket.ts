import { connect, type Socket } from 'node:net';

/** A connection of one who loads the hub: what is written is sent at once. @throws when nobody takes it */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}
