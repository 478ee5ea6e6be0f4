import type { Instant } from '#libs/domain';
import { type Clock, DrivenClock, fault, type Fault } from '#libs/platform';
import { type ClockMachinery, moveClock } from './clock-operation.ts';
import { type Stage, StartRefused } from '#libs/service';

/** What the operator can do with the whole line; one at a time, as each looks at the line as it stands. */
export interface HubMachinery extends Omit<ClockMachinery, 'clock'> {
  readonly clock: Clock | DrivenClock;
  readonly stages: Stages;
}

export class HubOperations {
  readonly #machinery: HubMachinery;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(machinery: HubMachinery) {
    this.#machinery = machinery;
  }

  /** Contract 3, settle: the fault names the stage that did not catch up. */
  settle(): Promise<Fault | undefined> {
    return this.#machinery.settle();
  }

  /** Contract 3, clock: `to` as an ISO instant. Answers the time that the clock then shows. */
  moveClock(to: unknown, settled: boolean): Promise<Fault | Instant> {
    return this.#inTurn(async () => {
      const { clock } = this.#machinery;
      if (!(clock instanceof DrivenClock)) return fault('clock-not-driven', 'clock');
      const instant = parseInstant(to);
      if (instant === undefined) return fault('bad-instant', 'to');
      return (await moveClock({ ...this.#machinery, clock }, instant, settled)) ?? clock.now();
    });
  }

  /** Contract 3, stages: answers the names of the stages that then run. */
  changeStages(stop: unknown, start: unknown): Promise<Fault | string[]> {
    return this.#inTurn(async () => {
      const { clock, stages } = this.#machinery;
      if (!clock.driven) return fault('clock-not-driven', 'stages');
      const wanted = { stop: names(stop), start: names(start) };
      if (!wanted.stop || !wanted.start) return fault('unknown-stage', 'stages');
      return (await stages.change({ stop: wanted.stop, start: wanted.start })) ?? stages.running;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => undefined);
    return result;
  }
}

/** An instant needs an offset: a time without one would be this machine's, and nobody's. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function parseInstant(text: unknown): Instant | undefined {
  if (typeof text !== 'string' || !INSTANT.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

function names(list: unknown): string[] | undefined {
  if (list === undefined) return [];
  return Array.isArray(list) && list.every((name) => typeof name === 'string') ? list : undefined;
}

type Changed = Pick<Stage, 'name' | 'start' | 'stop'>;

/** The stages of this process by name, in the order of the line. */
export class Stages {
  readonly #all: ReadonlyMap<string, Changed>;
  readonly #running = new Set<string>();

  constructor(stages: readonly Changed[]) {
    this.#all = new Map(stages.map((stage) => [stage.name, stage]));
  }

  get names(): string[] {
    return [...this.#all.keys()];
  }

  get running(): string[] {
    return this.names.filter((name) => this.#running.has(name));
  }

  /** All were started by whoever connected them. */
  started(): void {
    for (const name of this.names) this.#running.add(name);
  }

  /** Stops from the front, so that nothing is taken in that nobody would carry on. */
  async stopAll(): Promise<void> {
    await this.change({ stop: this.names, start: [] });
  }

  /**
   * Stops, then starts. An unknown name is a fault and nothing is changed; a stage that is so already stays so. One that cannot start
   * as it is configured (its port is taken) is a fault too: those before it run by then, and it and those after it do not.
   */
  async change(wanted: {
    readonly stop: readonly string[];
    readonly start: readonly string[];
  }): Promise<Fault | undefined> {
    const unknown = [...wanted.stop, ...wanted.start].find((name) => !this.#all.has(name));
    if (unknown !== undefined) return fault('unknown-stage', 'stages');
    for (const name of wanted.stop) {
      if (this.#running.delete(name)) await this.#all.get(name)?.stop();
    }
    for (const name of wanted.start) {
      if (this.#running.has(name)) continue;
      try {
        await this.#all.get(name)?.start();
      } catch (error) {
        if (error instanceof StartRefused) return fault('start-refused', name);
        throw error;
      }
      this.#running.add(name);
    }
    return undefined;
  }
}
