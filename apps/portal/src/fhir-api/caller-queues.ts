import { fault, type Fault } from '#libs/platform';

interface Queue {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets each caller have a few pieces of work under way at once, so that whoever asks much waits for itself and not everyone
 * else for it. Further ones wait in their order; when too many wait, the next is refused.
 */
export class CallerQueues {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #queues = new Map<string, Queue>();

  constructor({ atOnce, mostWaiting }: { readonly atOnce: number; readonly mostWaiting: number }) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  /** Does work as soon as few enough of this caller's are under way. @returns its result, or a fault when too much of the caller's waits already */
  async run<T>(caller: string, work: () => Promise<T>): Promise<T | Fault> {
    const queue = this.#queues.get(caller) ?? { running: 0, waiting: [] };
    this.#queues.set(caller, queue);
    if (queue.running >= this.#atOnce) {
      if (queue.waiting.length >= this.#mostWaiting) return fault('too-many-requests');
      await new Promise<void>((resolve) => queue.waiting.push(resolve));
    } else {
      queue.running += 1;
    }
    try {
      return await work();
    } finally {
      this.#finish(caller, queue);
    }
  }

  /** The next one that waits takes the place at once: nobody who comes just then can slip in before the one who waits. */
  #finish(caller: string, queue: Queue): void {
    const next = queue.waiting.shift();
    if (next !== undefined) next();
    else if (--queue.running === 0) this.#queues.delete(caller);
  }
}
