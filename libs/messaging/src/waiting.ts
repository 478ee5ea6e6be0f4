/** Resolves after so many milliseconds of the machine's clock; the wait alone keeps no process alive when `idle`. */
export function pause(ms: number, idle = false): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (idle) timer.unref();
  });
}

/**
 * Waits for the work, but not longer than `ms`; the work itself goes on.
 * Out: whether it was done in time. Errors of the work count as done.
 */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long to wait before the next try: from the first pause, doubling to the longest, ms of the machine's clock. */
export class BackOff {
  readonly #first: number;
  readonly #longest: number;
  #next: number;

  constructor(first: number, longest: number) {
    this.#first = first;
    this.#longest = longest;
    this.#next = first;
  }

  /** The pause before this try; the next one is twice as long. */
  next(): number {
    const pause = this.#next;
    this.#next = Math.min(pause * 2, this.#longest);
    return pause;
  }

  /** After a success: it begins again with the first pause. */
  reset(): void {
    this.#next = this.#first;
  }
}

/** Lets something begin at most once in so many ms of the machine's clock: at once after a silence, together under load. */
export class Pace {
  readonly #everyMs: number;
  #nextAt = 0;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Resolves when it may begin. One waits at a time. */
  async turn(): Promise<void> {
    const wait = this.#nextAt - performance.now();
    if (wait > 0) await pause(wait);
    this.#nextAt = performance.now() + this.#everyMs;
  }
}
