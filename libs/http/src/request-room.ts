import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections that are open at one time: each holds memory and a file of the process, also before it has said who it is. */
const MOST_CONNECTIONS = 2000;
/** Of one address: whoever opens connections without end takes none of the others' room. */
export const MOST_OF_ADDRESS = 500;

/** Bytes of bodies under way. A body may have a megabyte, and be sent as slowly as a request may take. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Of one caller. */
export const MOST_BYTES_OF_CALLER = 16 * 1024 * 1024;

export interface ConnectionBounds {
  /** A connection that has said nothing at all for so long is closed: Node's own limits begin with the first byte. */
  readonly silentMillis: number;
  /** Stands for many, and bounds them itself. */
  readonly isProxy: (address: string) => boolean;
  /** Told for each connection that is closed because of a bound. */
  readonly onRefused: () => void;
}

/** Bounds the connections of a server: a newcomer beyond a bound is closed, and nobody is who was there before. */
export function boundConnections(server: Server, { silentMillis, isProxy, onRefused }: ConnectionBounds): void {
  const byAddress = new Map<string, number>();
  server.maxConnections = MOST_CONNECTIONS;
  server.on('drop', onRefused);
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address = '' } = socket;
    const count = (byAddress.get(address) ?? 0) + 1;
    byAddress.set(address, count);
    const silent = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy();
    }, silentMillis).unref();
    socket.once('close', () => {
      clearTimeout(silent);
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    });
    if (count <= MOST_OF_ADDRESS || isProxy(address)) return;
    onRefused();
    socket.destroy();
  });
}

/** What the bodies of requests hold from their first byte until they are answered, by who calls. */
export class BodyRoom {
  readonly #byCaller = new Map<string, number>();
  #bytes = 0;

  /** Takes room for so many bytes more; false, and nothing taken, when the caller or all together have too many under way. */
  take(caller: string, bytes: number): boolean {
    const taken = (this.#byCaller.get(caller) ?? 0) + bytes;
    if (taken > MOST_BYTES_OF_CALLER || this.#bytes + bytes > MOST_BYTES) return false;
    this.#byCaller.set(caller, taken);
    this.#bytes += bytes;
    return true;
  }

  give(caller: string, bytes: number): void {
    const left = (this.#byCaller.get(caller) ?? 0) - bytes;
    this.#bytes -= bytes;
    if (left > 0) this.#byCaller.set(caller, left);
    else this.#byCaller.delete(caller);
  }
}
