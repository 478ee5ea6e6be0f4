import { Socket } from 'node:net';

/**
 * A socket that hands to the system at once what is written in one turn of the event loop: a transaction sends several
 * statements before it waits for an answer, and each would be a system call of its own.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const cork = socket.cork.bind(socket);
  const uncork = socket.uncork.bind(socket);
  let gathering = false;
  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    cork();
    process.nextTick(() => {
      gathering = false;
      uncork();
    });
  };
  return Object.assign(socket, {
    write: (...args: unknown[]): boolean => {
      gather();
      return write(...args);
    },
    // pg corks each statement by itself, and Node sends all at the first uncork, however many corks there were.
    cork: gather,
    uncork: () => undefined,
  });
}
