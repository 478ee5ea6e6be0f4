import type { Log as PlatformLog } from '#libs/platform';
import { Opening } from './opening.ts';

/**
 * The life of a stage that is stopped and started at run time (contract 3, `/operations/stages`):
 *
 *   stopped -> opening   start: tried again and again while Kafka or PostgreSQL is away
 *   opening -> running   what it works with is there
 *   any     -> stopped   stop: what is open is closed; a try that succeeds after that too
 *
 * Starts and stops come one after the other, whoever calls.
 */
export class StageLife<T> {
  readonly #name: string;
  readonly #open: () => Promise<T>;
  readonly #close: (running: T) => Promise<void>;
  readonly #log: PlatformLog;
  #opening: Opening<T> | undefined;
  #changing: Promise<void> = Promise.resolve();

  constructor(name: string, open: () => Promise<T>, close: (running: T) => Promise<void>, log: PlatformLog) {
    this.#name = name;
    this.#open = open;
    this.#close = close;
    this.#log = log;
  }

  /** Resolves when it runs, or when the first try failed: it then goes on trying. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#opening) return;
      this.#opening = new Opening(this.#open, this.#close, this.#log);
      await this.#opening.triedOnce();
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const running = await this.#opening?.giveUp();
      this.#opening = undefined;
      if (running) await this.#close(running);
    });
  }

  isOpen(): boolean {
    return this.#opening?.opened !== undefined;
  }

  /** What it works with. @throws when it is not running */
  running(): T {
    const running = this.#opening?.opened;
    if (!running) throw new Error(`the ${this.#name} is not open`);
    return running;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#changing = this.#changing.then(work, work);
    return this.#changing;
  }
}

/** A server that does not answer must not hold a stop: what it was asked for ends with the process at the latest. */
export function atMostTwoSeconds(work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
}
