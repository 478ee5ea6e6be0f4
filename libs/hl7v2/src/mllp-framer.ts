/*
 * MLLP framing as a state machine on bytes. A frame is VT body FS CR (0x0B ... 0x1C 0x0D).
 *
 * States
 *   between   no frame is open
 *   within    a frame is open, its body is being gathered
 *   skipping  a frame is open that has grown past the limit: only its head is kept, the rest is counted
 *
 * Transitions
 *   between  -- VT -------------------> within    (bytes other than CR and LF since the last frame: one `noise` event)
 *   within   -- FS CR ----------------> between   `frame`
 *   within   -- FS VT, FS LF VT ------> between   `frame`; the VT opens the next one (a sender that forgets the CR)
 *   within   -- FS or FS LF, endWait()-> between   `frame`: nothing has followed for a moment
 *   within   -- FS anything else -----> within    the FS is part of the body: FS alone does not end a frame
 *   within   -- VT "MSH" -------------> within    `abandoned`: the sender gave up and began anew on the same connection
 *   within   -- VT anything else -----> within    the VT is part of the body (line breaks pasted from word processors)
 *   within   -- body > largest -------> skipping
 *   skipping -- as within -----------> ...        but `too-large` in place of `frame`
 *   any      -- end() ---------------> between    FS or FS LF as the very last: the frame is whole; else `abandoned`
 *
 * What a pair of bytes means never depends on where a chunk was cut: an FS or a VT whose successors have not come yet
 * is held back (at most three bytes) and read again together with the next chunk.
 */

const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;
const LF = 0x0a;
const RESTART = Buffer.from('\x0bMSH', 'latin1');
const HEAD_KEPT = 2048;
const EMPTY: Buffer = Buffer.alloc(0);

export type FramerEvent =
  /** A whole frame. The body may be a view into the chunk that was pushed. */
  | { readonly kind: 'frame'; readonly body: Buffer }
  /** Bytes between frames that are neither CR nor LF; told when the next frame opens or at the end. */
  | { readonly kind: 'noise'; readonly length: number }
  /** A frame past the limit, told at its end; `head` (at most 2048 bytes) is enough to answer it by its MSH. */
  | { readonly kind: 'too-large'; readonly length: number; readonly head: Buffer }
  /** A frame that never ended: the sender began anew, or the connection closed. */
  | { readonly kind: 'abandoned'; readonly length: number };

export interface FramerOptions {
  /** Largest body in bytes that becomes a `frame`. */
  readonly largestFrame: number;
}

/** Cuts a stream of bytes into MLLP frames; one per connection. Memory is bounded by twice the largest frame. */
export class MllpFramer {
  readonly #largest: number;
  readonly #body = new GrowingBuffer();
  #state: 'between' | 'within' | 'skipping' = 'between';
  #length = 0;
  #noise = 0;
  #heldBack: Buffer = EMPTY;

  constructor(options: FramerOptions) {
    this.#largest = options.largestFrame;
  }

  /** True while a frame is open: a connection that falls silent now has lost something. */
  get inFrame(): boolean {
    return this.#state !== 'between';
  }

  /**
   * True after an FS that ends the frame if a CR follows, and else if nothing follows: whoever reads the stream waits a
   * moment and then calls `endWait`. Without that a sender that forgets the CR waits for its answer for ever.
   */
  get awaitsCr(): boolean {
    return this.#state !== 'between' && this.#heldBack[0] === FS;
  }

  /** The memory that an unfinished frame takes, in bytes. */
  get gatheredBytes(): number {
    return this.#body.capacity;
  }

  /** Nothing has followed an FS: the frame it ends, if one is open. A CR that comes later is passed over. */
  endWait(): FramerEvent[] {
    const events: FramerEvent[] = [];
    if (!this.awaitsCr) return events;
    this.#heldBack = EMPTY;
    this.#close(EMPTY, 0, 0, events);
    return events;
  }

  /** Takes the next bytes as they came; gives the events they complete, in order. The chunk must not be reused. */
  push(chunk: Uint8Array): FramerEvent[] {
    const events: FramerEvent[] = [];
    const cursor = new Marks(this.#takeHeldBack(chunk));
    const end = cursor.data.length;
    let at = 0;
    while (at < end) at = this.#state === 'between' ? this.#open(cursor, at, events) : this.#gather(cursor, at, events);
    return events;
  }

  /** The connection has ended: tells what was left. The framer may then be used for a new stream. */
  end(): FramerEvent[] {
    const events = this.endWait();
    if (this.#state === 'between') this.#tellNoise(events);
    else this.#abandon(this.#length + this.#heldBack.length, events);
    this.#heldBack = EMPTY;
    this.#reset('between');
    return events;
  }

  #open({ data, vt }: Marks, from: number, events: FramerEvent[]): number {
    const start = vt(from);
    const until = start < 0 ? data.length : start;
    for (let i = from; i < until; i++) if (data[i] !== CR && data[i] !== LF) this.#noise++;
    if (start < 0) return until;
    this.#tellNoise(events);
    this.#reset('within');
    return start + 1;
  }

  #gather({ data, vt, fs }: Marks, from: number, events: FramerEvent[]): number {
    const [nextFs, nextVt] = [fs(from), vt(from)];
    if (nextFs >= 0 && (nextVt < 0 || nextFs < nextVt)) return this.#atFs(data, from, nextFs, events);
    if (nextVt >= 0) return this.#atVt(data, from, nextVt, events);
    this.#take(data, from, data.length);
    return data.length;
  }

  #atFs(data: Buffer, from: number, at: number, events: FramerEvent[]): number {
    const [next, afterNext] = [data[at + 1], data[at + 2]];
    if (next === undefined || (next === LF && afterNext === undefined)) return this.#holdBack(data, from, at);
    if (next === CR || next === VT || (next === LF && afterNext === VT)) {
      this.#close(data, from, at, events);
      return next === VT ? at + 1 : at + 2;
    }
    this.#take(data, from, at + 1);
    return at + 1;
  }

  #atVt(data: Buffer, from: number, at: number, events: FramerEvent[]): number {
    const seen = data.subarray(at, at + RESTART.length);
    if (!seen.equals(RESTART.subarray(0, seen.length))) {
      this.#take(data, from, at + 1);
      return at + 1;
    }
    if (seen.length < RESTART.length) return this.#holdBack(data, from, at);
    this.#abandon(this.#length + at - from, events);
    this.#reset('within');
    return at + 1;
  }

  #close(data: Buffer, from: number, to: number, events: FramerEvent[]): void {
    if (this.#length === 0 && to - from <= this.#largest) {
      events.push({ kind: 'frame', body: data.subarray(from, to) });
    } else {
      this.#take(data, from, to);
      const length = this.#length;
      const skipped = this.#state === 'skipping';
      const body = this.#body.release();
      events.push(skipped ? { kind: 'too-large', length, head: body } : { kind: 'frame', body });
    }
    this.#reset('between');
  }

  #take(data: Buffer, from: number, to: number): void {
    this.#length += to - from;
    if (this.#state === 'within' && this.#length <= this.#largest) {
      this.#body.append(data, from, to);
      return;
    }
    if (this.#state === 'within') {
      this.#state = 'skipping';
      this.#body.truncate(HEAD_KEPT);
    }
    const room = HEAD_KEPT - this.#body.length;
    if (room > 0) this.#body.append(data, from, Math.min(to, from + room));
  }

  #holdBack(data: Buffer, from: number, at: number): number {
    this.#take(data, from, at);
    this.#heldBack = Buffer.from(data.subarray(at));
    return data.length;
  }

  #takeHeldBack(chunk: Uint8Array): Buffer {
    const data = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#heldBack.length === 0) return data;
    const joined = Buffer.concat([this.#heldBack, data]);
    this.#heldBack = EMPTY;
    return joined;
  }

  #abandon(length: number, events: FramerEvent[]): void {
    events.push({ kind: 'abandoned', length });
  }

  #tellNoise(events: FramerEvent[]): void {
    if (this.#noise > 0) events.push({ kind: 'noise', length: this.#noise });
    this.#noise = 0;
  }

  #reset(state: 'between' | 'within'): void {
    this.#state = state;
    this.#length = 0;
    this.#body.truncate(0);
  }
}

/** The body of what somebody wrapped though nothing asked for it (a saved frame sent over HTTP); anything else as it is. */
export function unframed(bytes: Buffer): Buffer {
  if (bytes[0] !== VT) return bytes;
  const end = bytes.lastIndexOf(FS);
  return bytes.subarray(1, end < 0 ? bytes.length : end);
}

/** Wraps a body for the wire: VT body FS CR. */
export function frame(body: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(body.length + 3);
  framed[0] = VT;
  framed.set(body, 1);
  framed[body.length + 1] = FS;
  framed[body.length + 2] = CR;
  return framed;
}

/** Remembers the next VT and FS of one chunk, so that many bare ones do not make the search quadratic. */
class Marks {
  readonly data: Buffer;
  readonly vt: (from: number) => number;
  readonly fs: (from: number) => number;

  constructor(data: Buffer) {
    this.data = data;
    this.vt = remembered(data, VT);
    this.fs = remembered(data, FS);
  }
}

function remembered(data: Buffer, byte: number): (from: number) => number {
  let known = -2;
  return (from) => {
    if (known === -1 || known >= from) return known;
    return (known = data.indexOf(byte, from));
  };
}

/** Gathers a body that came in several chunks; copying keeps a slow sender of single bytes from pinning each chunk. */
class GrowingBuffer {
  #bytes: Buffer = EMPTY;
  length = 0;

  get capacity(): number {
    return this.#bytes.length;
  }

  append(data: Buffer, from: number, to: number): void {
    const needed = this.length + to - from;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2, 1024));
      this.#bytes.copy(grown, 0, 0, this.length);
      this.#bytes = grown;
    }
    data.copy(this.#bytes, this.length, from, to);
    this.length = needed;
  }

  /** Keeps the first `length` bytes; what was larger is given back to the garbage collector. */
  truncate(length: number): void {
    if (this.length <= length) return;
    this.#bytes = Buffer.from(this.#bytes.subarray(0, length));
    this.length = length;
  }

  /** Hands the bytes over: the next frame never writes into them. */
  release(): Buffer {
    const bytes = this.#bytes.subarray(0, this.length);
    this.#bytes = EMPTY;
    this.length = 0;
    return bytes;
  }
}
