import type { OperatorEvent, OperatorStatement } from '../events/operator-event.ts';
import type { PartyId } from '../routing/party.ts';
import type { Instant } from '../time/time.ts';

type Of<Kind extends OperatorStatement['kind']> = Extract<OperatorStatement, { readonly kind: Kind }>;

/** What people at the hub have decided in a stay, as it stands. Each keeps who decided and why. */
export interface OperatorDecisions {
  /** By recipient: the latest release to it. */
  readonly released: ReadonlyMap<PartyId, Of<'released'> & Decided>;
  /** Calls that were made in place of a notice, oldest first (TEK-02). */
  readonly calls: readonly (Of<'call-recorded'> & Decided)[];
}

interface Decided {
  readonly eventId: string;
  readonly operator: string;
  readonly reason: string;
  readonly decidedAt: Instant;
}

/** Folds the decisions of a stay in the order in which they were made; one that another undid never was. */
export function decisionsOf(events: readonly OperatorEvent[]): OperatorDecisions {
  const undone = new Set(events.flatMap(({ says }) => (says.kind === 'undone' ? [says.eventId] : [])));
  const notUndone = events
    .filter(({ eventId }) => !undone.has(eventId))
    .sort((a, b) => a.intakeStamp - b.intakeStamp || (a.eventId < b.eventId ? -1 : 1));
  const released = new Map<PartyId, Of<'released'> & Decided>();
  const calls: (Of<'call-recorded'> & Decided)[] = [];
  for (const { says, eventId, operator, reason, intakeAt: decidedAt } of notUndone) {
    const decided = { eventId, operator, reason, decidedAt };
    if (says.kind === 'released') released.set(says.recipient, { ...says, ...decided });
    else if (says.kind === 'call-recorded') calls.push({ ...says, ...decided });
  }
  return { released, calls };
}
