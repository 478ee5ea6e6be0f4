import type { Ground } from '../notices/grounds.ts';
import type { PartyId } from '../routing/directory.ts';
import type { Instant } from '../time/time.ts';
import type { NeedScope } from './fact.ts';
import type { EventOrigin } from './stay-event.ts';

/**
 * What a person at the hub decides in a stay. Each has a name and a reason, and is undone by another one.
 *
 *   released        a notice that no rule may send goes to this recipient, on this ground
 *   call-recorded   a recipient was told by telephone or fax (TEK-02)
 *   undone          an earlier one never was
 */
export type OperatorStatement =
  | {
      readonly kind: 'released';
      readonly recipient: PartyId;
      readonly scopes: readonly NeedScope[];
      readonly ground: Ground;
    }
  | { readonly kind: 'call-recorded'; readonly recipient: PartyId; readonly at: Instant }
  | { readonly kind: 'undone'; readonly eventId: string };

/** One decision in one stay. */
export interface OperatorEvent extends EventOrigin {
  readonly stayId: string;
  /** Who decided. */
  readonly operator: string;
  readonly reason: string;
  readonly says: OperatorStatement;
}
