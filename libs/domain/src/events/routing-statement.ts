import type { Ground } from '../notices/grounds.ts';
import type { PartyId, UnitRole } from '../routing/party.ts';
import type { Instant } from '../time/time.ts';
import type { NeedScope } from './fact.ts';
import type { HomeWord } from './home-word.ts';

/**
 * What a party, or the operator, decides of who is told of a stay (rules 12.2, 12.7, RTE-23). It is an event of the stay like a
 * message of the ward: router and watcher keep and fold it with the others, so that both see the same recipients.
 *
 *   returned         wrongly addressed; perhaps the right party (RET)
 *   case-owned       the party says whose the case is: that beats the address (RTE-23)
 *   recipient-added  the party adds a recipient of its own (rules 12.7)
 *   released         the operator's: a need that no rule may send goes to this recipient
 *   call-recorded    a recipient was told beside the hub: it is told nothing more or less by that (TEK-02)
 *   directory-changed  the hub's own: by the directory that is in force from here on others are told (RTE-24)
 *   undone           an earlier one of the same party, or of the operator, never was
 */
export type RoutingStatement =
  | { readonly kind: 'returned'; readonly by: PartyId; readonly proposal?: PartyId }
  | { readonly kind: 'case-owned'; readonly by: PartyId; readonly owner: PartyId; readonly desk?: string }
  | {
      readonly kind: 'recipient-added';
      readonly by: PartyId;
      readonly recipient: PartyId;
      /** What the party lets a provider of home care know, and on which grounds. */
      readonly home?: HomeWord;
      readonly grounds?: readonly Ground[];
    }
  | {
      readonly kind: 'released';
      readonly by: typeof OPERATOR;
      readonly recipient: PartyId;
      readonly scopes: readonly NeedScope[];
      readonly ground: Ground;
      readonly role?: UnitRole;
    }
  | {
      readonly kind: 'call-recorded';
      readonly by: typeof OPERATOR;
      readonly recipient: PartyId;
      readonly at: Instant;
      /** Code of `CodeSystem/notice`: what was told, where the record says it. */
      readonly notice?: string;
      readonly channel?: string;
      /** The ward that made the call recorded it: it may see what it has said itself. */
      readonly byWard?: true;
    }
  | {
      readonly kind: 'directory-changed';
      readonly by: typeof DIRECTORY;
      readonly version: string;
      readonly at: Instant;
    }
  | { readonly kind: 'undone'; readonly by: PartyId; readonly eventId: string };

/** Who speaks where no party does; no party has these ids. */
export const OPERATOR = 'operator';
export const DIRECTORY = 'directory';
