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
