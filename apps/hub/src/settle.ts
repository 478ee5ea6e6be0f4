import { reached, type Ends, type Positions } from '#libs/messaging';
import { fault, type Fault } from '#libs/platform';

/**
 * Answers when everything that was acknowledged before the call has been applied everywhere (contract 3).
 *
 * Messages only flow forward (architecture 2), so going along the line once is enough: at each step the ends of the topics
 * are read after all that writes to them has caught up, and the step is done when all that reads them has reached those ends.
 * What waits for a recipient or a person is left out: it lies in no topic.
 */
export interface SettleStep {
  /** Named in the answer when it does not catch up. */
  readonly stage: string;
  readonly topics: readonly string[];
  readonly positions: () => Promise<Positions>;
  /** True when what this stage says has left its outbox. */
  readonly allSaid?: () => Promise<boolean>;
  /** Stands still while nothing is written to the topics; then the step is as it was when it was last settled. */
  readonly mark?: () => Promise<string>;
}

export interface SettleOptions {
  readonly steps: readonly SettleStep[];
  readonly endOffsets: (topics: readonly string[]) => Promise<Ends>;
  /** Machine's clock: waiting is no matter of the domain. */
  readonly deadlineMillis: number;
  readonly pollMillis: number;
}

/** Follows lines, and remembers at which mark a step was last seen settled. */
export class Settling {
  readonly #options: SettleOptions;
  readonly #settledAt = new Map<SettleStep, string>();

  constructor(options: SettleOptions) {
    this.#options = options;
  }

  /** Follows the line once. @returns the fault `settle-timed-out` with the stage that did not catch up, else nothing. */
  async settle(): Promise<Fault | undefined> {
    const giveUpAt = performance.now() + this.#options.deadlineMillis;
    for (const step of this.#options.steps) {
      if (!(await this.#caughtUp(step, giveUpAt))) return fault('settle-timed-out', step.stage);
    }
    return undefined;
  }

  async #caughtUp(step: SettleStep, giveUpAt: number): Promise<boolean> {
    let ends: Ends | undefined;
    for (;;) {
      // Kafka or PostgreSQL away is no end: both come back, or the deadline does.
      try {
        // Read before the ends: what is written after it makes another mark, and is asked for the next time.
        const mark = await step.mark?.();
        if (mark !== undefined && this.#settledAt.get(step) === mark && (await allSaid(step))) return true;
        ends ??= await this.#options.endOffsets(step.topics);
        if (reached(await step.positions(), ends) && (await allSaid(step))) {
          if (mark !== undefined) this.#settledAt.set(step, mark);
          return true;
        }
      } catch {
        ends = undefined;
      }
      if (performance.now() > giveUpAt) return false;
      await new Promise((resolve) => setTimeout(resolve, this.#options.pollMillis));
    }
  }
}

async function allSaid(step: SettleStep): Promise<boolean> {
  return (await step.allSaid?.()) ?? true;
}
