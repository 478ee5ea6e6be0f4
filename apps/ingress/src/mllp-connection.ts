import type { Socket } from 'node:net';
import { frame, MllpFramer, type FramerEvent } from '#libs/hl7v2';
import type { BytesInFlight } from './bytes-in-flight.ts';

/*
 * One sender's connection.
 *
 *   reading   bytes are read; each frame is begun at once, and its answer is written in its turn
 *   full      too many frames are not yet answered, here or in the whole process: not read, what was read waits
 *   held      the hub's clock is being moved, or the stage stops: as full, whatever the room
 *   ended     the sender has sent all; its answers are still written, then the connection closes
 *   closed    what is in flight is stored all the same, its answer is dropped: the sender sends again
 *
 * reading <-> full by room; reading, full <-> held by `hold` and `release`; any -> ended by FIN; ended -> closed when
 * everything is answered; any -> closed by error or by the idle limit (not while held: the hub made it wait).
 *
 * Answers keep the order of the frames, because senders that do not wait match them by order.
 */

/** A whole frame, or one past the limit. */
export type Frame = Extract<FramerEvent, { kind: 'frame' | 'too-large' }>;

export interface ConnectionOptions {
  readonly largestFrame: number;
  readonly maxInFlight: number;
  readonly idleMillis: number;
  readonly bytesInFlight: BytesInFlight;
  readonly held: boolean;
  /** The unframed answer to a frame; undefined when none is wanted. Never rejects. */
  readonly receive: (received: Frame) => Promise<Buffer | undefined>;
  /** Bytes that belong to no frame, or to one that never ended. */
  readonly onLost: (kind: 'noise' | 'abandoned', length: number) => void;
  readonly onClose: () => void;
}

interface Turn {
  readonly answer: Promise<Buffer | undefined>;
  readonly bytes: number;
}

export class MllpConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #framer: MllpFramer;
  readonly #waiting: Frame[] = [];
  readonly #turns: Turn[] = [];
  #inFlight = 0;
  #held: boolean;
  #ended = false;
  #writing = false;
  #corked = false;
  #whenAnswered: (() => void)[] = [];

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#held = options.held;
    this.#framer = new MllpFramer({ largestFrame: options.largestFrame });
    socket.setNoDelay(true);
    socket.setTimeout(options.idleMillis);
    socket.on('timeout', () => this.#idle());
    socket.on('data', (chunk: Buffer) => this.#take(this.#framer.push(chunk)));
    socket.on('end', () => this.#end());
    // An error is always followed by `close`; without a listener it would end the process.
    socket.on('error', () => undefined);
    socket.on('close', () => options.onClose());
    this.pump();
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
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#begin(next);
    }
    if (this.#hasRoom()) this.#socket.resume();
    else this.#socket.pause();
    if (this.#ended && this.#inFlight === 0 && this.#waiting.length === 0) this.#socket.end();
  }

  /** Closes after what is already written. */
  close(): void {
    this.#socket.destroySoon();
  }

  #hasRoom(): boolean {
    return !this.#held && this.#inFlight < this.#options.maxInFlight && !this.#options.bytesInFlight.full;
  }

  #take(events: readonly FramerEvent[]): void {
    for (const event of events) {
      if (event.kind === 'frame' || event.kind === 'too-large') this.#waiting.push(event);
      else this.#options.onLost(event.kind, event.length);
    }
    if (events.length > 0) this.pump();
  }

  #begin(received: Frame): void {
    const bytes = received.kind === 'frame' ? received.body.length : received.head.length;
    this.#inFlight++;
    this.#options.bytesInFlight.take(bytes);
    this.#turns.push({ answer: this.#options.receive(received), bytes });
    if (!this.#writing) void this.#writeInTurn();
  }

  async #writeInTurn(): Promise<void> {
    this.#writing = true;
    for (let turn = this.#turns.shift(); turn !== undefined; turn = this.#turns.shift()) {
      const answer = await turn.answer;
      if (answer && this.#socket.writable && !this.#write(answer)) await this.#drained();
      this.#inFlight--;
      this.#options.bytesInFlight.give(turn.bytes);
      this.pump();
    }
    this.#writing = false;
    if (this.#inFlight === 0) for (const tell of this.#whenAnswered.splice(0)) tell();
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

  /** A sender that does not read its answers stops its own turn, and nobody else's. */
  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
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
    if (this.#held) this.#socket.setTimeout(this.#options.idleMillis);
    else this.#socket.destroySoon();
  }
}
