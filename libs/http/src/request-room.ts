/** Bytes of bodies under way. A body may have a megabyte, and be sent as slowly as a request may take. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Of one caller. */
export const MOST_BYTES_OF_CALLER = 16 * 1024 * 1024;

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
