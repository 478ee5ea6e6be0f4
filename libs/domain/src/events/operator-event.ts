import type { EventOrigin } from './event-origin.ts';
import type { NeedScope } from '../codes/scope.ts';
import type { Ground } from '../codes/elements-and-grounds.ts';
import type { NoticeKind } from '../codes/notice-kind.ts';
import type { PartyId, UnitRole } from '../parties/party.ts';
import type { Instant } from '../time/time.ts';

/** How a notice was told beside the hub. */
export const CALL_CHANNELS = ['telephone', 'fax', 'paper'] as const;
export type CallChannel = (typeof CALL_CHANNELS)[number];

/**
 * What a person decides or records in a stay: at the hub, and for a call also at the ward that made it. Each has a name and a
 * reason, and is undone by another one.
 *
 *   released        a notice that no rule may send goes to this recipient, on this ground
 *   call-recorded   a recipient was told by telephone or fax (TEK-02): it counts as told by that channel, at that time
 *   undone          an earlier one never was
 *
 * What no person decides and nobody can undo is said the same way: that another directory takes effect.
 *
 *   directory-changed   others are told of the stay by the directory that is in force from `at` on
 */
export type OperatorStatement =
  | {
      readonly kind: 'released';
      readonly recipient: PartyId;
      readonly scopes: readonly NeedScope[];
      readonly ground: Ground;
      /** The role of the waiting need; absent: whichever waits and is of this recipient's kind. */
      readonly role?: UnitRole;
    }
  | {
      readonly kind: 'call-recorded';
      readonly recipient: PartyId;
      readonly at: Instant;
      /** What was told; absent when the record does not say. */
      readonly notice?: NoticeKind;
      readonly channel?: CallChannel;
    }
  | { readonly kind: 'directory-changed'; readonly version: string; readonly at: Instant }
  | { readonly kind: 'undone'; readonly eventId: string };

/** The name of a caller that is a sender begins so (contract 1). */
export const SENDER_CALLER = 'sender:';

/** One decision in one stay. */
export interface OperatorEvent extends EventOrigin {
  readonly stayId: string;
  /** Who decided: the name of the caller, an operator or a sender. */
  readonly operator: string;
  readonly reason: string;
  readonly says: OperatorStatement;
}

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
