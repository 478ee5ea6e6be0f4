import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Positions } from '#libs/messaging';
import type { Log } from '#libs/platform';
import { StageLife } from './stage-life.ts';

/** What a stage reads, and how far it has come: for its backlog. */
export interface Reading {
  readonly stage: string;
  readonly topics: readonly string[];
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
  isReady(): boolean;
  readings(): readonly Reading[];
  /** Reads the topics of the parties that there are now, if it reads a topic per party; what is stopped stays so. */
  followParties?(): Promise<void>;
}

/**
 * A stage as a transport of Nest: `listen` starts it, `close` stops it, and in between the operator may do either.
 * In: its name, the symbol by which controllers name it, a log. What it opens and closes is said by who extends it.
 */
export abstract class StageTransport<Opened> extends Server implements CustomTransportStrategy, Stage {
  readonly name: string;
  readonly transports: readonly CustomTransportStrategy[] = [this];
  readonly #life: StageLife<Opened>;

  constructor(name: string, transportId: symbol, log: Log) {
    super();
    this.name = name;
    this.transportId = transportId;
    this.#life = new StageLife(
      name,
      () => this.openParts(),
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

  isReady(): boolean {
    return this.isOpen();
  }

  readings(): readonly Reading[] {
    return [];
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
