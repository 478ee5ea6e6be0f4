import { CANCELS } from './course.ts';
import { compareByTime, inOrder } from './order.ts';
import type { StayEvent } from './stay-event.ts';

/** Events in order of intake; what came at one instant, in the total order of the stay (a group commit has one instant). */
export function inIntakeOrder(events: readonly StayEvent[]): StayEvent[] {
  return inOrder(events).sort((a, b) => a.intakeAt - b.intakeAt);
}

/**
 * The events of one stay in the order of intake, as they come, go and are mended. One that was taken in last, as nearly all
 * are, is put at the end without a look at the others.
 */
export class IntakeSequence {
  readonly #byId = new Map<string, StayEvent>();
  #sequence: StayEvent[] = [];
  #isSorted = true;
  #start = Symbol('start');
  /** Something was taken in at the last instant that cancels. */
  #lastCancels = false;
  /** Of events of one instant one cancels: where that stands may change with what comes later. */
  #isUnsettled = false;

  /** @param events in whatever order */
  constructor(events: Iterable<StayEvent> = []) {
    for (const event of events) this.put(event);
  }

  /** By event id. */
  get byId(): ReadonlyMap<string, StayEvent> {
    return this.#byId;
  }

  /** In the order of intake. Grows when more is put in: who keeps it keeps a copy. */
  get events(): readonly StayEvent[] {
    if (!this.#isSorted) this.#sort();
    return this.#sequence;
  }

  /** Another one each time that the events got another beginning: as long as it is the same, there are only more at the end. */
  get start(): symbol {
    return this.#start;
  }

  /** Puts an event in, in place of one with the same id. */
  put(event: StayEvent): void {
    const isNew = !this.#byId.has(event.eventId);
    this.#byId.set(event.eventId, event);
    if (isNew && this.#isSorted && this.#standsLast(event)) this.#append(event);
    else this.#begin();
  }

  /** Takes an event out. */
  drop(eventId: string): void {
    if (this.#byId.delete(eventId)) this.#begin();
  }

  #begin(): void {
    this.#isSorted = false;
    this.#start = Symbol('start');
  }

  #standsLast(event: StayEvent): boolean {
    if (this.#isUnsettled) return false;
    const last = this.#sequence.at(-1);
    if (!last || last.intakeAt < event.intakeAt) return true;
    if (last.intakeAt > event.intakeAt || this.#lastCancels || CANCELS[event.course]) return false;
    return compareByTime(last, event) < 0;
  }

  #append(event: StayEvent): void {
    const cancels = CANCELS[event.course] !== undefined;
    if (this.#sequence.at(-1)?.intakeAt !== event.intakeAt) this.#lastCancels = cancels;
    else {
      this.#lastCancels ||= cancels;
      this.#isUnsettled ||= this.#lastCancels;
    }
    this.#sequence.push(event);
  }

  #sort(): void {
    const sorted = inIntakeOrder([...this.#byId.values()]);
    this.#sequence = [];
    this.#isUnsettled = false;
    for (const event of sorted) this.#append(event);
    this.#isSorted = true;
  }
}
