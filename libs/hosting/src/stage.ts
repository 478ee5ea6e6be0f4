import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { BackOff, type Positions } from '#libs/messaging';
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

/**
 * A fetch to which nothing comes stands so long at the broker, ms. It names all topics that are read: to ask anew more often is dear, and
 * tells nothing sooner. A stop may have to wait for it.
 */
export const IDLE_MS = 400;

/** What a stage reads, and how far it has come: for its backlog. */
export interface Reading {
  readonly stage: string;
  /** Those of the parties are others when the county has changed. */
  readonly topics: () => readonly string[];
  /** @throws while PostgreSQL or Kafka is away, or the stage is stopped */
  readonly positions: () => Promise<Positions>;
}

/** A part of the line that can be stopped and started while the others go on (contract 3, `/operations/stages`). */
export interface Stage {
  readonly name: string;
  /** What Nest connects (`connectStages`): it gives them the handlers of the controllers. */
  readonly transports: readonly CustomTransportStrategy[];
  /** Resolves when it is open, or when the first try failed: it then goes on trying. @throws StartRefused */
  start(): Promise<void>;
  /** At most a few seconds, whatever Kafka and PostgreSQL do. */
  stop(): Promise<void>;
  /** True while it does its work: what `/health/ready` asks. */
  isReady(): boolean | Promise<boolean>;
  readings(): readonly Reading[];
  /** Reads the topics of the parties that there are now, if it reads a topic per party; what is stopped stays so. */
  followParties?(): Promise<void>;
}

/** @returns whether every stage does its work */
export async function allReady(stages: readonly Stage[]): Promise<boolean> {
  for (const stage of stages) if (!(await stage.isReady())) return false;
  return true;
}

/** Several stages of one app as one: it is ready when all are. They are stopped from the front. */
export function together(name: string, stages: readonly Stage[]): Stage {
  return {
    name,
    transports: stages.flatMap(({ transports }) => transports),
    start: async () => {
      for (const stage of stages) await stage.start();
    },
    stop: async () => {
      for (const stage of stages) await stage.stop();
    },
    isReady: () => allReady(stages),
    readings: () => stages.flatMap((stage) => stage.readings()),
    followParties: async () => {
      for (const stage of stages) await stage.followParties?.();
    },
  };
}

/**
 * A stage as a transport of Nest: `listen` starts it, `close` stops it, and in between the operator may do either.
 * In: its name, the symbol by which controllers name it, a log. What it opens and closes is said by who extends it.
 */
export abstract class StageTransport<Opened> extends Server implements CustomTransportStrategy, Stage {
  readonly name: string;
  readonly transports: readonly CustomTransportStrategy[] = [this];
  readonly #life: StageLife<Opened>;
  /** The topics that its consumer was opened with. */
  #read: ReadonlySet<string> = new Set();

  constructor(name: string, transportId: symbol, log: Log) {
    super();
    this.name = name;
    this.transportId = transportId;
    this.#life = new StageLife(
      name,
      () => {
        this.#read = new Set(this.topicsToRead());
        return this.openParts();
      },
      (opened) => this.closeParts(opened),
      log,
    );
  }

  /** Makes what the stage works with. Rejects with nothing left open, to be tried again. */
  protected abstract openParts(): Promise<Opened>;

  /** Ends what `openParts` made; at most a few seconds. */
  protected abstract closeParts(opened: Opened): Promise<void>;

  start(): Promise<void> {
    return this.#life.start();
  }

  stop(): Promise<void> {
    return this.#life.stop();
  }

  /** True once it has opened; it need not have been given its partitions yet. */
  isOpen(): boolean {
    return this.#life.isOpen();
  }

  isReady(): boolean | Promise<boolean> {
    return this.isOpen();
  }

  readings(): readonly Reading[] {
    return [];
  }

  /** The topics that it would read if it were opened now; those of the parties are others when the county has changed. */
  protected topicsToRead(): readonly string[] {
    return [];
  }

  /** Opens anew when it reads a topic per party and there are others now: a consumer's topics are chosen when it joins. */
  async followParties(): Promise<void> {
    if (!this.isOpen() || this.topicsToRead().every((topic) => this.#read.has(topic))) return;
    await this.stop();
    await this.start();
  }

  /** What it works with. @throws when it is not open */
  protected opened(): Opened {
    return this.#life.opened();
  }

  /** Nest's word for start. */
  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Nest's word for stop. */
  close(): Promise<void> {
    return this.stop();
  }

  /** Nest asks for it; a stage says what happens to it in the log. */
  on(): never {
    throw new Error('a stage has no events to listen to');
  }

  /** Nest asks for it; what a stage works with is its own. */
  unwrap(): never {
    throw new Error('a stage is not unwrapped');
  }
}
