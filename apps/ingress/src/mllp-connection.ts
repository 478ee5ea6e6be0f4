import type { Socket } from 'node:net';
import { frame, MllpFramer, type FramerEvent } from '#libs/hl7v2';
import type { BytesInFlight, ReadTurns } from './bytes-in-flight.ts';
import type { Receiver } from './application-answers.ts';
import type { OpenConnection } from './open-connections.ts';

/*
 * One sender's connection.
 *
 *   reading   bytes are read; each frame is begun at once, and its answers are written in its turn
 *   full      too many frames are not yet answered, or too many bytes not yet stored, here or in the whole process, or the next
 *             frame is bulk and has to wait for its turn: not read, what was read waits
 *   held      the hub's clock is being moved, or the stage stops: as full, whatever the room
 *   ended     the sender has sent all; its answers are still written, then the connection closes. What follows later goes to its
 *             next connection: whether a peer that has sent its last still reads cannot be told
 *   closed    what is in flight is stored all the same, its answer is dropped: the sender sends again
 *
 * reading <-> full by room; reading, full <-> held by `hold` and `release`; any -> ended by FIN; ended -> closed when
 * everything is answered; any -> closed by error, by a sender that does not read its answers for the drain limit, or by
 * the idle limit (not while held, in flight or waiting: the hub made it wait).
 *
 * After a large chunk it reads on only when it is its turn again, in a later round of the event loop: a socket that always
 * has more to give would otherwise be read 32 times in a row, two megabytes, while all others wait.
 *
 * Answers keep the order of the frames, because senders that do not wait match them by order. Bytes count as in flight
 * until they are stored or refused, not until the answer is read: how fast a stranger reads is no neighbour's business.
 */

/** A whole frame, or one past the limit. */
export type Frame = Extract<FramerEvent, { kind: 'frame' | 'too-large' }>;

/** What became of a frame. */
export interface Receipt {
  /** Unframed, in the order in which they go out; none when none is wanted. */
  readonly answers: readonly Buffer[];
  /** Of the sender, where it has one in force and the hub takes such messages from it. */
  readonly agreement?: { readonly idleSeconds?: number };
  /** Told when the answers are written, or the peer has gone. */
  readonly written?: (isWritten: boolean) => void;
}

/** Times are of the machine's clock. */
export interface ConnectionLimits {
  readonly largestFrame: number;
  readonly maxInFlight: number;
  /** 0 = a silent connection stays open; an agreement may say otherwise. */
  readonly idleMillis: number;
  /** How long nothing has to follow an FS without CR for it to end its frame. */
  readonly endWaitMillis: number;
  /** How long a sender may leave its answers unread. */
  readonly drainMillis: number;
}

export interface ConnectionOptions {
  readonly limits: ConnectionLimits;
  readonly bytesInFlight: BytesInFlight;
  readonly readTurns: ReadTurns;
  readonly held: boolean;
  /** Called in the order of the frames. Never rejects. */
  readonly receive: (received: Frame) => Promise<Receipt>;
  readonly events: ConnectionEvents;
}

/** What a connection tells of itself. */
export interface ConnectionEvents {
  /** Bytes that belong to no frame, or to ones that never ended. */
  readonly lost: (kind: 'noise' | 'abandoned', sums: { readonly count: number; readonly bytes: number }) => void;
  /** A frame was taken though no CR followed its FS. */
  readonly bareEnd: () => void;
  /** The memory of its unfinished frame has grown or (negative) shrunk by so many bytes. */
  readonly gathered: (change: number) => void;
  /** It is ended for its own sake: its answers were not read, or it was silent too long. */
  readonly ended: (kind: 'undrained' | 'idle') => void;
  readonly closed: () => void;
}

/** The first probe of a silent connection, ms; what does not answer the probes is closed by the system. */
const KEEPALIVE_MILLIS = 60_000;
/** A chunk of this size says that more waits. */
const LARGE_CHUNK = 16_384;

export class MllpConnection implements OpenConnection, Receiver {
  readonly address: string;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #framer: MllpFramer;
  readonly #waiting: Frame[] = [];
  readonly #answers: Promise<Receipt>[] = [];
  #inFlight = 0;
  #bytesInFlight = 0;
  #held: boolean;
  #ended = false;
  #closing = false;
  #writing = false;
  #corked = false;
  #whenAnswered: (() => void)[] = [];
  #endWait: NodeJS.Timeout | undefined;
  #idleMillis: number;
  #recognised = false;
  #heardAt = performance.now();
  #frameSince: number | undefined;
  #gathered = 0;
  #yielding = false;
  /** What `BytesInFlight` calls when its turn has come. */
  readonly #pumpInTurn = (): void => this.pump();

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    // A socket tells its peer no more once it is closed.
    this.address = addressOf(socket);
    this.#options = options;
    this.#held = options.held;
    this.#framer = new MllpFramer({ largestFrame: options.limits.largestFrame });
    this.#idleMillis = options.limits.idleMillis;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE_MILLIS);
    socket.setTimeout(this.#idleMillis);
    socket.on('timeout', () => this.#idle());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#end());
    // An error is always followed by `close`; without a listener it would end the process.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
    this.pump();
  }

  get recognised(): boolean {
    return this.#recognised;
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  get frameSince(): number | undefined {
    return this.#frameSince;
  }

  get gatheredBytes(): number {
    return this.#gathered;
  }

  /** Frames that are begun and not yet answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Reads no more; resolves when everything begun is answered. */
  hold(): Promise<void> {
    this.#held = true;
    this.pump();
    return this.#inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenAnswered.push(resolve));
  }

  release(): void {
    this.#held = false;
    this.pump();
  }

  /** Begins what may begin now, and reads on only when nothing waits. */
  pump(): void {
    while (this.#hasRoom()) {
      const next = this.#waiting[0];
      if (next === undefined || !this.#options.bytesInFlight.take(bytesOf(next), this.#pumpInTurn)) break;
      this.#waiting.shift();
      this.#begin(next);
    }
    if (this.#hasRoom() && this.#waiting.length === 0 && !this.#yielding) this.#socket.resume();
    else this.#socket.pause();
    if (this.#ended && this.#inFlight === 0 && this.#waiting.length === 0) this.close();
  }

  answerLater(answer: Buffer): Promise<boolean> {
    if (this.#ended || this.#closing || !this.#socket.writable) return Promise.resolve(false);
    return new Promise((written) => {
      this.#inFlight++;
      this.#answers.push(Promise.resolve({ answers: [answer], written }));
      if (!this.#writing) void this.#writeInTurn();
    });
  }

  /** Closes after what is already written, if it is read in time. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), this.#options.limits.drainMillis).unref();
  }

  /** Closes now; answers that wait are dropped. */
  destroy(): void {
    this.#socket.destroy();
    this.#tellGathered(0);
  }

  #hasRoom(): boolean {
    const { limits, bytesInFlight } = this.#options;
    return (
      !this.#held &&
      this.#inFlight < limits.maxInFlight &&
      this.#bytesInFlight < bytesInFlight.share &&
      !bytesInFlight.full
    );
  }

  #read(chunk: Buffer): void {
    this.#heardAt = performance.now();
    const events = this.#framer.push(chunk);
    if (!this.#framer.inFrame) this.#frameSince = undefined;
    else if (events.length > 0) this.#frameSince = this.#heardAt;
    else this.#frameSince ??= this.#heardAt;
    if (chunk.length >= LARGE_CHUNK) this.#letOthersRead();
    this.#take(events);
    this.#awaitEnd();
    this.#tellGathered(this.#framer.gatheredBytes);
  }

  #letOthersRead(): void {
    this.#yielding = true;
    this.#socket.pause();
    this.#options.readTurns.wait(() => {
      this.#yielding = false;
      this.pump();
    });
  }

  #tellGathered(bytes: number): void {
    const change = bytes - this.#gathered;
    this.#gathered = bytes;
    if (change !== 0) this.#options.events.gathered(change);
  }

  #take(events: readonly FramerEvent[]): void {
    const lost = { noise: { count: 0, bytes: 0 }, abandoned: { count: 0, bytes: 0 } };
    for (const event of events) {
      if (event.kind === 'frame' || event.kind === 'too-large') this.#waiting.push(event);
      else {
        lost[event.kind].count++;
        lost[event.kind].bytes += event.length;
      }
    }
    for (const kind of ['noise', 'abandoned'] as const) {
      if (lost[kind].count > 0) this.#options.events.lost(kind, lost[kind]);
    }
    if (events.length > 0) this.pump();
  }

  #awaitEnd(): void {
    clearTimeout(this.#endWait);
    this.#endWait = undefined;
    if (!this.#framer.awaitsCr) return;
    const wait = setTimeout(() => {
      // Whatever came meanwhile is read before this: after a pause of the process the CR may lie there unread.
      setImmediate(() => {
        if (this.#endWait === wait) this.#endWaited();
      });
    }, this.#options.limits.endWaitMillis);
    this.#endWait = wait;
  }

  #endWaited(): void {
    // A connection that is not read cannot tell whether anything follows.
    if (!this.#hasRoom()) {
      this.#awaitEnd();
      return;
    }
    this.#endWait = undefined;
    this.#frameSince = undefined;
    this.#options.events.bareEnd();
    this.#take(this.#framer.endWait());
    this.#tellGathered(this.#framer.gatheredBytes);
  }

  #begin(received: Frame): void {
    const bytes = bytesOf(received);
    this.#inFlight++;
    this.#bytesInFlight += bytes;
    this.#answers.push(this.#options.receive(received).finally(() => this.#decided(bytes)));
    if (!this.#writing) void this.#writeInTurn();
  }

  /** Stored or refused: the bytes are needed no more. */
  #decided(bytes: number): void {
    const wasFull = this.#bytesInFlight >= this.#options.bytesInFlight.share;
    this.#bytesInFlight -= bytes;
    this.#options.bytesInFlight.give(bytes);
    if (wasFull) this.pump();
  }

  async #writeInTurn(): Promise<void> {
    this.#writing = true;
    for (let next = this.#answers.shift(); next !== undefined; next = this.#answers.shift()) {
      const receipt = await next;
      if (receipt.agreement) this.#recognise(receipt.agreement);
      for (const answer of receipt.answers) {
        if (this.#socket.writable && !this.#write(answer)) await this.#drained();
      }
      receipt.written?.(this.#socket.writable);
      this.#inFlight--;
      this.pump();
    }
    this.#writing = false;
    if (this.#inFlight === 0) for (const tell of this.#whenAnswered.splice(0)) tell();
  }

  #recognise({ idleSeconds }: { readonly idleSeconds?: number }): void {
    this.#recognised = true;
    const idleMillis = idleSeconds === undefined ? this.#options.limits.idleMillis : idleSeconds * 1000;
    if (idleMillis === this.#idleMillis) return;
    this.#idleMillis = idleMillis;
    this.#socket.setTimeout(idleMillis);
  }

  /** A group commit answers many at once: they share one write to the socket. */
  #write(answer: Buffer): boolean {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    return this.#socket.write(frame(answer));
  }

  /** A sender that does not read its answers stops its own turn and nobody else's, and not for ever. */
  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#options.events.ended('undrained');
        this.#socket.destroy();
      }, this.#options.limits.drainMillis);
      const done = (): void => {
        clearTimeout(late);
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  #end(): void {
    this.#ended = true;
    this.#take(this.#framer.end());
    this.pump();
  }

  #idle(): void {
    if (this.#held || this.#inFlight > 0 || this.#waiting.length > 0) {
      this.#socket.setTimeout(this.#idleMillis);
      return;
    }
    this.#options.events.ended('idle');
    this.close();
  }

  #closed(): void {
    clearTimeout(this.#endWait);
    this.#endWait = undefined;
    this.#tellGathered(0);
    this.#options.events.closed();
  }
}

function bytesOf(received: Frame): number {
  return received.kind === 'frame' ? received.body.length : received.head.length;
}

/** The peer's address; empty when it has gone already. */
export function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress;
}
