import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Connections that are open at one time: each holds memory and a file of the process, also before it has said who it is. */
const MOST_CONNECTIONS = 2000;
/** Of one address: whoever opens connections without end takes none of the others' room. */
export const MOST_OF_ADDRESS = 500;
/** Requests of one connection that have come before an earlier one was answered. Clients send the next after the answer. */
export const MOST_WAITING = 16;

/**
 * How long an answered connection stays for its next request. Longer than the minute for which proxies and clients keep theirs: who
 * ends an idle connection first may do so just when the other side sends a request on it, which is then lost. It has to be them.
 */
const KEPT_MILLIS = 75_000;

export interface ConnectionBounds {
  /** A connection that has said nothing at all for so long is closed: Node's own limits begin with the first byte. */
  readonly silentMillis: number;
  /** Stands for many, and bounds them itself. */
  readonly isProxy: (address: string) => boolean;
  /** Told for each connection that is closed because of a bound. */
  readonly onRefused: () => void;
}

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  isAsking: boolean;
  /** Bytes that had come when it became idle: with more, its next request is on the way. */
  bytesWhenIdle: number;
  /** What begins each request that waits for its turn. */
  waiting: (() => void)[];
}

/**
 * The connections of a server, and whose turn it is on each.
 *
 *   silent   has said nothing yet; is closed after `silentMillis`
 *   asking   one request of it is worked on, and no other: the next one's turn comes when the answer has left. Whoever reads no
 *            answers is worked for no more, and whoever sends more than `MOST_WAITING` ahead is closed: Node takes whatever
 *            lies in a connection for requests of their own and starts them all at once, hundreds in one turn of the loop
 *   idle     all is answered; it stays for `KEPT_MILLIS`
 *
 * Beyond a bound the one that has been idle for longest, of the address or of all, gives way; when none is idle, the newcomer is
 * closed. None is closed for another while a request of it is under way.
 */
export class Connections {
  readonly #bounds: ConnectionBounds;
  readonly #open = new Map<Socket, Connection>();
  readonly #counts = new Map<string, number>();
  /** In the order in which they became idle. */
  readonly #idle = new Set<Connection>();
  #server: Server | undefined;

  constructor(bounds: ConnectionBounds) {
    this.#bounds = bounds;
  }

  watch(server: Server): void {
    this.#server = server;
    server.keepAliveTimeout = KEPT_MILLIS;
    server.on('connection', (socket: Socket) => this.#opened(socket));
  }

  /** False for what is left of a chunk whose connection was closed in the middle of it: nobody waits for its answer. */
  isOpen(socket: Socket): boolean {
    return this.#open.has(socket) && !socket.destroyed;
  }

  /** Begins a request when its turn has come, if its connection is still open then. @param begin does the rest, once */
  inTurn(request: IncomingMessage, response: ServerResponse, begin: () => void): void {
    const { socket } = request;
    const connection = this.#open.get(socket);
    if (connection === undefined || socket.destroyed) return;
    const beginNow = (): void => {
      response.once('close', () => this.#answered(connection, request));
      begin();
    };
    if (!connection.isAsking) {
      connection.isAsking = true;
      this.#idle.delete(connection);
      beginNow();
    } else if (connection.waiting.length < MOST_WAITING) {
      connection.waiting.push(beginNow);
    } else {
      this.#refuse(socket);
    }
  }

  #answered(connection: Connection, request: IncomingMessage): void {
    const { socket, waiting } = connection;
    if (socket.destroyed) return;
    const next = waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    connection.isAsking = false;
    connection.bytesWhenIdle = socket.bytesRead;
    this.#idle.add(connection);
    // One that was refused before all of it had come: until then Node does not take its connection for idle either.
    if (request.complete) this.#endOfServer(connection);
    else request.once('close', () => this.#endOfServer(connection));
  }

  /** A server that closes has ended those that were idle then; it would wait for this one as long as it is kept. */
  #endOfServer({ socket, isAsking }: Connection): void {
    if (this.#server?.listening === false && !isAsking) socket.end();
  }

  #opened(socket: Socket): void {
    const { remoteAddress: address = '' } = socket;
    const connection: Connection = { socket, address, isAsking: false, bytesWhenIdle: 0, waiting: [] };
    this.#open.set(socket, connection);
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    const silent = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy();
    }, this.#bounds.silentMillis).unref();
    socket.once('close', () => {
      clearTimeout(silent);
      this.#closed(connection);
    });
    if (this.#open.size > MOST_CONNECTIONS) this.#makeRoom(socket, () => true);
    else if (count > MOST_OF_ADDRESS && !this.#bounds.isProxy(address)) {
      this.#makeRoom(socket, (idle) => idle.address === address);
    }
  }

  #makeRoom(newcomer: Socket, mayGiveWay: (idle: Connection) => boolean): void {
    const idle = [...this.#idle].find((one) => one.socket.bytesRead === one.bytesWhenIdle && mayGiveWay(one));
    if (idle === undefined) {
      this.#refuse(newcomer);
      return;
    }
    this.#idle.delete(idle);
    idle.socket.destroy();
  }

  #refuse(socket: Socket): void {
    this.#bounds.onRefused();
    socket.destroy();
  }

  #closed(connection: Connection): void {
    const { address, socket } = connection;
    this.#open.delete(socket);
    this.#idle.delete(connection);
    connection.waiting = [];
    const left = (this.#counts.get(address) ?? 1) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }
}
