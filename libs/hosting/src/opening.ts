import { errorFields, type Log } from '#libs/platform';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Opens what a stage needs, again and again until it succeeds or is given up: a stage can be started while Kafka or
 * PostgreSQL is away, and goes on by itself when they come (contract 3).
 *
 *   trying -> open        the attempt succeeded
 *   trying -> waiting     it failed; after 0.2 s, doubling to 5 s of the machine's clock: trying
 *   any    -> given up    `giveUp` was called; an attempt that succeeds after that is closed at once
 */
export class Opening<T> {
  readonly #abort = new AbortController();
  readonly #first: Promise<void>;
  readonly #done: Promise<T | undefined>;
  #opened: T | undefined;

  constructor(attempt: () => Promise<T>, close: (opened: T) => Promise<void>, log: Log) {
    const first = Promise.withResolvers<undefined>();
    this.#first = first.promise;
    this.#done = this.#run(attempt, close, log, () => first.resolve(undefined));
  }

  /** What was opened, once it is. */
  get opened(): T | undefined {
    return this.#opened;
  }

  /** Resolves after the first attempt, whether or not it succeeded. */
  triedOnce(): Promise<void> {
    return this.#first;
  }

  /** Ends the attempts. @returns what is open, for the caller to close */
  async giveUp(): Promise<T | undefined> {
    this.#abort.abort();
    const opened = await this.#done;
    this.#opened = undefined;
    return opened;
  }

  async #run(
    attempt: () => Promise<T>,
    close: (opened: T) => Promise<void>,
    log: Log,
    tried: () => void,
  ): Promise<T | undefined> {
    const { signal } = this.#abort;
    const givenUp = (): boolean => signal.aborted;
    for (let wait = 200; !givenUp(); wait = Math.min(wait * 2, 5000)) {
      try {
        const opened = await attempt();
        if (givenUp()) {
          await close(opened);
          return undefined;
        }
        this.#opened = opened;
        return opened;
      } catch (error) {
        log.warn('stage-not-open', errorFields(error));
      } finally {
        tried();
      }
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }
}
