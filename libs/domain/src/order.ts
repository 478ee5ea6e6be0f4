import type { StayEvent, Trigger } from './event.ts';
import type { Instant } from './time.ts';

/**
 * The total order of a stay's events, whatever the order they came in (architecture 2.5):
 * time of the event, sent time, rank of the trigger, event id. A cancellation stands right after what it cancels,
 * because its own EVN-6 is the time of what is cancelled (contract 5).
 */

/** Published ranks for events of one time and one sent time: an admission comes before what changes it. */
export const TRIGGER_RANK: Readonly<Record<Trigger, number>> = { A01: 0, A08: 1, A03: 2, A11: 3, A13: 4 };

const CANCELS: Partial<Record<Trigger, Trigger>> = { A11: 'A01', A13: 'A03' };

/** When an event stands in the order: EVN-6, else A01 PV1-44, A03 PV1-45, else MSH-7; an imprecise time at its start. */
export function orderTime(event: StayEvent): Instant {
  if (event.occurredAt) return event.occurredAt.start;
  const { start, end } = event.encounter;
  if (event.trigger === 'A01' && start) return start.start;
  if (event.trigger === 'A03' && end) return end.start;
  return event.sentAt;
}

/** Compares events that cancel nothing. */
function compare(a: StayEvent, b: StayEvent): number {
  return (
    orderTime(a) - orderTime(b) ||
    a.sentAt - b.sentAt ||
    TRIGGER_RANK[a.trigger] - TRIGGER_RANK[b.trigger] ||
    compareIds(a.eventId, b.eventId)
  );
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares cancellations of one target: by sent time, then rank, then id. */
function compareSent(a: StayEvent, b: StayEvent): number {
  return a.sentAt - b.sentAt || TRIGGER_RANK[a.trigger] - TRIGGER_RANK[b.trigger] || compareIds(a.eventId, b.eventId);
}

/** The events of one stay in their total order. */
export function inOrder(events: readonly StayEvent[]): StayEvent[] {
  const plain = events.filter((event) => !CANCELS[event.trigger]).sort(compare);
  const cancellations = events.filter((event) => CANCELS[event.trigger]).sort(compareSent);
  if (cancellations.length === 0) return plain;
  const after = new Map<StayEvent | undefined, StayEvent[]>();
  for (const cancellation of cancellations) {
    const target = cancelledBy(cancellation, plain) ?? latestBefore(cancellation, plain);
    const waiting = after.get(target);
    if (waiting) waiting.push(cancellation);
    else after.set(target, [cancellation]);
  }
  return [...(after.get(undefined) ?? []), ...plain.flatMap((event) => [event, ...(after.get(event) ?? [])])];
}

/**
 * The latest A01 (of an A11) or A03 (of an A13) that was sent before it. HL7 times often end at the second: one sent in
 * the same second is cancelled only when none was sent before.
 */
function cancelledBy(cancellation: StayEvent, plain: readonly StayEvent[]): StayEvent | undefined {
  const targets = plain.filter((event) => event.trigger === CANCELS[cancellation.trigger]);
  return (
    targets.findLast((event) => event.sentAt < cancellation.sentAt) ??
    targets.findLast((event) => event.sentAt === cancellation.sentAt)
  );
}

/** Where a cancellation stands whose target never came: by its sent time. */
function latestBefore(cancellation: StayEvent, plain: readonly StayEvent[]): StayEvent | undefined {
  return plain.findLast((event) => orderTime(event) <= cancellation.sentAt);
}
