/** No connection may fill more than this part of the room: a stranger that writes and never reads must stop nobody else. */
const SHARES = 8;

/** Frames above this are bulk: a message of the county has some kilobytes, one with a document in it up to a megabyte. */
const BULK_FRAME_BYTES = 16 * 1024;
/** One more frame of bulk is begun while less than this is under way: about what one produce request holds. */
const BULK_BYTES = 512 * 1024;

/**
 * What all connections together have taken in and not yet stored or refused: beyond the limit none of them reads on.
 *
 * Bulk waits for its turn, connection by connection, so that no more than a request or two of it lie in front of anybody's
 * message: a sender with messages of a megabyte once had eight of them there, and everyone's answer waited for all eight.
 */
export class BytesInFlight {
  /** What one connection may have in flight; it may begin one more frame while it has less. */
  readonly share: number;
  readonly #limit: number;
  readonly #onRoom: () => void;
  #bytes = 0;
  #bulkBytes = 0;
  /** Of connections whose next frame is bulk, in the order of their turns: what lets each try again. */
  readonly #turns = new Set<() => void>();
  #called: (() => void) | undefined;

  constructor(limit: number, onRoom: () => void) {
    this.#limit = limit;
    this.share = limit / SHARES;
    this.#onRoom = onRoom;
  }

  get full(): boolean {
    return this.#bytes >= this.#limit;
  }

  /**
   * Takes room for a frame. @returns false when it is bulk whose turn it is not
   * @param tryAgain of the connection, the same each time: called when its turn has come, which it loses unless it takes room then
   */
  take(bytes: number, tryAgain: () => void): boolean {
    if (bytes > BULK_FRAME_BYTES) {
      if (!this.#isTurnOf(tryAgain)) {
        this.#turns.add(tryAgain);
        return false;
      }
      this.#called = undefined;
      this.#bulkBytes += bytes;
    }
    this.#bytes += bytes;
    return true;
  }

  /** Gives room back; tells when there is some again. */
  give(bytes: number): void {
    const before = this.#bytes;
    this.#bytes -= bytes;
    if (before >= this.#limit && this.#bytes < this.#limit) this.#onRoom();
    if (bytes <= BULK_FRAME_BYTES) return;
    this.#bulkBytes -= bytes;
    for (const next of this.#turns) {
      if (this.#bulkBytes >= BULK_BYTES) break;
      this.#turns.delete(next);
      this.#called = next;
      next();
    }
    this.#called = undefined;
  }

  /** With nothing under way nobody would ever be called, so that whoever asks then has the turn. */
  #isTurnOf(tryAgain: () => void): boolean {
    const isNobodys = this.#turns.size === 0 && this.#bulkBytes < BULK_BYTES;
    return this.#bulkBytes === 0 || this.#called === tryAgain || isNobodys;
  }
}

/** Connections that are read on in one round of the event loop, a chunk of 64 KiB each. */
const TURNS_PER_ROUND = 4;

/**
 * Whose turn it is to be read, of the connections that have more to give than one chunk. If all of them were read in each
 * round of the event loop, a round with many large senders took long, and a round accepts but one new connection: after 1 500
 * connections with a megabyte each a newcomer once waited for a minute. Whatever else comes in crowds can be read in turns as well.
 */
export class ReadTurns {
  readonly #waiting: (() => void)[] = [];
  readonly #perRound: number;

  constructor(perRound = TURNS_PER_ROUND) {
    this.#perRound = perRound;
  }

  /** Calls back in a later round of the event loop, behind those that asked before. */
  wait(readOn: () => void): void {
    this.#waiting.push(readOn);
    if (this.#waiting.length === 1) setImmediate(() => this.#round());
  }

  #round(): void {
    // Those of this round stay in the list until it is over, so that who asks meanwhile begins no second row of rounds.
    const turns = Math.min(this.#perRound, this.#waiting.length);
    for (let at = 0; at < turns; at++) this.#waiting[at]?.();
    this.#waiting.splice(0, turns);
    if (this.#waiting.length > 0) setImmediate(() => this.#round());
  }
}
