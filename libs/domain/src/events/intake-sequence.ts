import { CANCELS } from './course.ts';
import { compareByTime, inOrder } from './order.ts';
import type { StayEvent } from './stay-event.ts';

/** Events in order of intake; what came at one instant, in the total order of the stay (a group commit has one instant). */
export function inIntakeOrder(events: readonly StayEvent[]): StayEvent[] {
  return inOrder(events).sort((a, b) => a.intakeAt - b.intakeAt);
}

/**
 * The events of one stay in the order of intake, as they come, go and are mended. One that was taken in last, as nearly all
 * are, is put in its place without a look at the others.
 */
export class IntakeSequence {
  readonly #byId = new Map<string, StayEvent>();
  #sequence: StayEvent[] = [];
  #isSorted = true;
  #start = Symbol('start');
  /** How many of the sequence have been read: among those that nobody has read yet, the order may still change. */
  #read = 0;
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
    this.#sort();
    this.#read = this.#sequence.length;
    return this.#sequence;
  }

  /** Another one each time that what was read of the events has changed: as long as it is the same, there are only more at the end. */
  get start(): symbol {
    this.#sort();
    return this.#start;
  }

  /** Puts an event in, in place of one with the same id. */
  put(event: StayEvent): void {
    const isNew = !this.#byId.has(event.eventId);
    this.#byId.set(event.eventId, event);
    const place = isNew && this.#isSorted ? this.#placeOf(event) : undefined;
    if (place === undefined) this.#isSorted = false;
    else this.#insert(event, place);
  }

  /** Takes an event out. */
  drop(eventId: string): void {
    if (this.#byId.delete(eventId)) this.#isSorted = false;
  }

  /** Where an event stands among those of the last instant that nobody has read; undefined when it stands elsewhere. */
  #placeOf(event: StayEvent): number | undefined {
    if (this.#isUnsettled) return undefined;
    const { intakeAt } = this.#sequence.at(-1) ?? { intakeAt: -Infinity };
    if (intakeAt < event.intakeAt) return this.#sequence.length;
    if (intakeAt > event.intakeAt || this.#lastCancels || CANCELS[event.course]) return undefined;
    for (let place = this.#sequence.length; ; place--) {
      const before = this.#sequence[place - 1];
      if (before?.intakeAt !== intakeAt || compareByTime(before, event) < 0) return place;
      if (place === this.#read) return undefined;
    }
  }

  #insert(event: StayEvent, place: number): void {
    const cancels = CANCELS[event.course] !== undefined;
    if (this.#sequence.at(-1)?.intakeAt !== event.intakeAt) this.#lastCancels = cancels;
    else {
      this.#lastCancels ||= cancels;
      this.#isUnsettled ||= this.#lastCancels;
    }
    this.#sequence.splice(place, 0, event);
  }

  #sort(): void {
    if (this.#isSorted) return;
    const read = this.#sequence.slice(0, this.#read);
    this.#sequence = [];
    this.#isUnsettled = false;
    for (const event of inIntakeOrder([...this.#byId.values()])) this.#insert(event, this.#sequence.length);
    this.#isSorted = true;
    if (read.some((event, index) => this.#sequence[index] !== event)) {
      this.#start = Symbol('start');
      this.#read = 0;
    }
  }
}
