import { reached, type Ends, type Positions } from '#libs/messaging';
import { fault, type Fault } from '#libs/platform';

/**
 * Answers when everything that was acknowledged before the call has been applied everywhere (contract 3).
 *
 * Messages only flow forward (architecture 2), so one walk along the line is enough: at each step the ends of the topics
 * are read after all that writes to them has caught up, and the step is done when all that reads them has reached those ends.
 * What waits for a recipient or a person is left out: it lies in no topic.
 */
export interface SettleStep {
  /** Named in the answer when it does not catch up. */
  readonly stage: string;
  readonly topics: readonly string[];
  readonly positions: () => Promise<Positions>;
  /** True when what this stage says has left its outbox. */
  readonly spoken?: () => Promise<boolean>;
}

export interface SettleOptions {
  readonly steps: readonly SettleStep[];
  readonly endOffsets: (topics: readonly string[]) => Promise<Ends>;
  /** Machine's clock: waiting is no matter of the domain. */
  readonly deadlineMillis: number;
  readonly pollMillis: number;
}

/** Walks the line once. @returns the fault `settle-timed-out` with the stage that did not catch up, else nothing. */
export async function settle(options: SettleOptions): Promise<Fault | undefined> {
  const giveUpAt = performance.now() + options.deadlineMillis;
  for (const step of options.steps) {
    if (!(await caughtUp(step, options, giveUpAt))) return fault('settle-timed-out', step.stage);
  }
  return undefined;
}

async function caughtUp(step: SettleStep, options: SettleOptions, giveUpAt: number): Promise<boolean> {
  let ends: Ends | undefined;
  for (;;) {
    // Kafka or PostgreSQL away is no end: both come back, or the deadline does.
    try {
      ends ??= await options.endOffsets(step.topics);
      if (reached(await step.positions(), ends) && (await (step.spoken?.() ?? true))) return true;
    } catch {
      ends = undefined;
    }
    if (performance.now() > giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, options.pollMillis));
  }
}
