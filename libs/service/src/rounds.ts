/** Something that works beside a consumer, from the opening of its stage to the close. */
export interface Beside {
  stop(): Promise<void>;
}

/** How rounds follow each other. */
export interface RoundsOptions {
  /** Between the end of a round and the next, ms of the machine's clock. */
  readonly idleMillis: number;
  /** Told what a round failed with; the next one comes all the same. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Work that is done again and again beside a consumer, never two at a time.
 *
 *   working -> idle      the round has ended, well or not
 *   idle    -> working   after some time
 *   any     -> stopped   stop: the round under way is waited for, and none follows
 */
export class Rounds implements Beside {
  readonly #work: () => Promise<unknown>;
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<unknown> = Promise.resolve();
  #stopped = false;

  /** Begins at once. @param work of one round; a long one asks {@link isStopped} now and then */
  constructor(work: () => Promise<unknown>, options: RoundsOptions) {
    this.#work = work;
    this.#options = options;
    this.#begin();
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Does some work after the round under way, before the next. Rejects with what that fails with. */
  between<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#round.then(work);
    this.#round = done.catch(() => undefined);
    return done;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #begin(): void {
    this.#round = this.#round
      .then(this.#work)
      .catch(this.#options.onFailure)
      .finally(() => {
        if (!this.#stopped) this.#timer = setTimeout(() => this.#begin(), this.#options.idleMillis);
      });
  }
}
