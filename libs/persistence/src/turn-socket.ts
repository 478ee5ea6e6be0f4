import { Socket } from 'node:net';

/**
 * A socket that hands to the system at once what is written in one turn of the event loop: a transaction sends several
 * statements before it waits for an answer, and each write would be a system call of its own.
 */
export function turnSocket(): Socket {
  const socket = new Socket();
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let gathering = false;
  const gatheringWrite = (...args: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      process.nextTick(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return write(...args);
  };
  return Object.assign(socket, { write: gatheringWrite });
}
