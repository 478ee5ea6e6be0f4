import type { Positions } from '#libs/messaging';
import type { Log } from '#libs/platform';
import { StageLife } from './stage-life.ts';

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
  /** Those that it is made of, where they are several. */
  readonly parts?: readonly Stage[];
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
    parts: stages,
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

/** A stage with its life. In: its name, a log. What it opens and closes is said by who extends it. */
export abstract class PlainStage<Opened> implements Stage {
  readonly name: string;
  readonly #life: StageLife<Opened>;
  /** The topics that its consumer was opened with. */
  #read: ReadonlySet<string> = new Set();

  constructor(name: string, log: Log) {
    this.name = name;
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
}
