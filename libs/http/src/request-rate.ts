const WINDOW_MILLIS = 1000;

/**
 * So many requests of one caller within a second, whatever it asks for. A window begins with each second of the process, and
 * what was counted in the one before is forgotten whole: it holds no more than a second's callers.
 *
 * What is beyond is refused when the window is over and not at once: on each of its connections a caller has one request at a time
 * (connections.ts), so that one who asks without end is refused once a second on each, and not as fast as it can ask. Counted is
 * what has come, and not what was begun: who writes far ahead has used up its second with what nobody works on.
 *
 * Not `@nestjs/throttler`: it is CommonJS that requires Nest's ES modules, which jest cannot load, and it keeps a list of
 * times per caller where a count per second does.
 */
export class RequestRate {
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #window = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a request. @returns for one that is beyond the limit, the milliseconds until its window is over */
  count(caller: string): number | undefined {
    const now = performance.now();
    const window = Math.floor(now / WINDOW_MILLIS);
    if (window !== this.#window) this.#counts.clear();
    this.#window = window;
    const count = (this.#counts.get(caller) ?? 0) + 1;
    this.#counts.set(caller, count);
    return count <= this.#most ? undefined : (window + 1) * WINDOW_MILLIS - now;
  }
}
