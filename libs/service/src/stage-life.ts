import { BackOff } from '#libs/messaging';
import { errorFields, type Log } from '#libs/platform';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';

/** Why a start makes no sense at all (the port is another's): told to whoever starts, and not tried again. */
export class StartRefused extends Error {
  /** What `startFailure` tells without a stack. */
  readonly problems = [this.message];
}

/**
 * The life of a stage that is stopped and started at run time (contract 3, `/operations/stages`):
 *
 *   stopped -> opening   start: tried again and again while Kafka or PostgreSQL is away, after 0.2 s, doubling to 5 s
 *   opening -> open      what it works with is there
 *   opening -> stopped   the first try was refused (`StartRefused`)
 *   any     -> stopped   stop: what is open is closed; a try that succeeds after that too
 *
 * Starts and stops come one after the other, whoever calls.
 */
export class StageLife<T> {
  readonly #name: string;
  readonly #open: () => Promise<T>;
  readonly #close: (opened: T) => Promise<void>;
  readonly #log: Log;
  readonly #oneAtATime = pLimit(1);
  #opening: Opening<T> | undefined;

  /**
   * @param name the stage's, for the log
   * @param open makes what the stage works with; called again after a failure, so it leaves nothing behind when it fails
   * @param close ends what `open` made
   */
  constructor(name: string, open: () => Promise<T>, close: (opened: T) => Promise<void>, log: Log) {
    this.#name = name;
    this.#open = open;
    this.#close = close;
    this.#log = log;
  }

  /** Resolves when it is open, or when the first try failed: it then goes on trying. @throws StartRefused */
  start(): Promise<void> {
    return this.#oneAtATime(async () => {
      if (this.#opening) return;
      const log = this.#log.child({ stage: this.#name });
      const opening = new Opening(this.#open, this.#close, log);
      this.#opening = opening;
      const refused = await opening.triedOnce();
      if (refused === undefined) return;
      this.#opening = undefined;
      // What is refused is tried by nobody: a door that opened after all would be no stage's, and could not be closed.
      await opening.giveUp();
      throw refused;
    });
  }

  stop(): Promise<void> {
    return this.#oneAtATime(async () => {
      const opened = await this.#opening?.giveUp();
      if (this.#opening) this.#log.info('stage.stopped', { stage: this.#name });
      this.#opening = undefined;
      if (opened) await this.#close(opened);
    });
  }

  isOpen(): boolean {
    return this.#opening?.opened !== undefined;
  }

  /** What it works with. @throws when it is not open */
  opened(): T {
    const opened = this.#opening?.opened;
    if (!opened) throw new Error(`the ${this.#name} is not open`);
    return opened;
  }
}

/** One start's tries, until one succeeds or they are given up; a try that succeeds after that is closed at once. */
class Opening<T> {
  readonly #abort = new AbortController();
  readonly #log: Log;
  readonly #first = Promise.withResolvers<StartRefused | undefined>();
  readonly #done: Promise<T | undefined>;
  #opened: T | undefined;
  /** The kind of the failure that was told last: the same again is no news. */
  #told: unknown;

  constructor(open: () => Promise<T>, close: (opened: T) => Promise<void>, log: Log) {
    this.#log = log;
    this.#done = this.#run(open, close);
  }

  get opened(): T | undefined {
    return this.#opened;
  }

  /** Resolves after the first try, with the refusal if it was one. */
  triedOnce(): Promise<StartRefused | undefined> {
    return this.#first.promise;
  }

  /** Ends the tries. @returns what is open, for the caller to close */
  async giveUp(): Promise<T | undefined> {
    this.#abort.abort();
    const opened = await this.#done;
    this.#opened = undefined;
    return opened;
  }

  async #run(open: () => Promise<T>, close: (opened: T) => Promise<void>): Promise<T | undefined> {
    const { signal } = this.#abort;
    const backOff = new BackOff(200, 5000);
    while (!signal.aborted) {
      try {
        const opened = await open();
        if (!this.#abort.signal.aborted) return (this.#opened = opened);
        await close(opened);
        return undefined;
      } catch (error) {
        if (error instanceof StartRefused) this.#first.resolve(error);
        this.#tell(error);
      } finally {
        this.#first.resolve(undefined);
      }
      await pause(backOff.next(), undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  #tell(error: unknown): void {
    const fields = errorFields(error);
    const kind = `${String(fields['error'])} ${String(fields['errorCode'])}`;
    if (kind !== this.#told) this.#log.warn('stage.waiting', fields);
    this.#told = kind;
  }
}
