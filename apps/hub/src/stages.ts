import type { Stage } from '#libs/hosting';
import { fault, type Fault } from '#libs/platform';

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

  /** Stops, then starts. An unknown name is a fault and nothing is changed; a stage that is so already stays so. */
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
      await this.#all.get(name)?.start();
      this.#running.add(name);
    }
    return undefined;
  }
}
