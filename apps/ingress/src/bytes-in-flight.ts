/** No connection may fill more than this part of the room: a stranger that writes and never reads must stop nobody else. */
const SHARES = 8;

/** What all connections together have taken in and not yet stored or refused: beyond the limit none of them reads on. */
export class BytesInFlight {
  /** What one connection may have in flight; it may begin one more frame while it has less. */
  readonly share: number;
  readonly #limit: number;
  readonly #onRoom: () => void;
  #bytes = 0;

  constructor(limit: number, onRoom: () => void) {
    this.#limit = limit;
    this.share = limit / SHARES;
    this.#onRoom = onRoom;
  }

  get full(): boolean {
    return this.#bytes >= this.#limit;
  }

  take(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Gives room back; tells when there is some again. */
  give(bytes: number): void {
    const before = this.#bytes;
    this.#bytes -= bytes;
    if (before >= this.#limit && this.#bytes < this.#limit) this.#onRoom();
  }
}

/** Connections that are read on in one round of the event loop, a chunk of 64 KiB each. */
const TURNS_PER_ROUND = 4;

/**
 * Whose turn it is to be read, of the connections that have more to give than one chunk. If all of them were read in each
 * round of the event loop, a round with many large senders took long, and a round accepts but one new connection: after 1 500
 * connections with a megabyte each a newcomer once waited for a minute.
 */
export class ReadTurns {
  readonly #waiting: (() => void)[] = [];

  /** Calls back in a later round of the event loop, behind those that asked before. */
  wait(readOn: () => void): void {
    this.#waiting.push(readOn);
    if (this.#waiting.length === 1) setImmediate(() => this.#round());
  }

  #round(): void {
    // Those of this round stay in the list until it is over, so that who asks meanwhile begins no second row of rounds.
    const turns = Math.min(TURNS_PER_ROUND, this.#waiting.length);
    for (let at = 0; at < turns; at++) this.#waiting[at]?.();
    this.#waiting.splice(0, turns);
    if (this.#waiting.length > 0) setImmediate(() => this.#round());
  }
}
