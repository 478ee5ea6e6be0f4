/** What all connections together have taken in and not yet answered: beyond the limit none of them reads on. */
export class BytesInFlight {
  readonly #limit: number;
  readonly #onRoom: () => void;
  #bytes = 0;

  constructor(limit: number, onRoom: () => void) {
    this.#limit = limit;
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
