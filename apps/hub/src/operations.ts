import type { Instant } from '#libs/domain';
import { DrivenClock, fault, type Clock, type Fault } from '#libs/platform';
import { moveClock, type ClockMachinery } from './clock-operation.ts';
import type { Stages } from './stages.ts';

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
