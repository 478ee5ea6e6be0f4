import type { StayEvent } from '../events/stay-event.ts';
import type { Instant } from '../time/time.ts';

/** A point in the order of intake. */
export interface Step {
  readonly index: number;
  readonly event: StayEvent;
  /** The time by which the event is judged (architecture 7). */
  readonly sent: Instant;
  /** No event of this stay is taken in here: another stay made the difference, and `event` is this stay's latest. */
  readonly elsewhere?: true;
}

/** True when one act of the ward came before another: by the times by which they are judged, then by intake (DEC-29). */
export function isBefore(one: Step, other: Step): boolean {
  return compareSteps(one, other) < 0;
}

/** Compares acts of the ward by when they came, as {@link isBefore} has it. */
export function compareSteps(one: Step, other: Step): number {
  return one.sent - other.sent || one.index - other.index;
}
