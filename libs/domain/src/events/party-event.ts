import type { PartyId } from '../routing/directory.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import type { EventOrigin } from './stay-event.ts';

/**
 * What a recipient answers, does or asks in a stay (contract 4, notices from open care and from recipients). A technical
 * receipt is none of these.
 *
 *   acknowledged       a person has taken part of the notice (KVI)
 *   returned           wrongly addressed; perhaps the right party (RET)
 *   planning-begun     PLAN
 *   obstacle           the region's measures are not there, are there, or nobody knows (LUS 5:5)
 *   found              the person was found admitted, or at home untold (DEC-09)
 *   contact-appointed  a fixed care contact, new or confirmed (FVK)
 *   sip-called         the call to a co-ordinated plan, and to whom
 *   asked, answered    QUERY and ANSWER
 *   undone             an earlier one of the same party never was
 */
export type PartyStatement =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'returned'; readonly proposal?: PartyId }
  | { readonly kind: 'planning-begun' }
  | { readonly kind: 'obstacle'; readonly exists: 'yes' | 'no' | 'unknown' }
  | { readonly kind: 'found'; readonly where: 'admitted' | 'home' }
  | { readonly kind: 'contact-appointed'; readonly confirmed: boolean }
  | { readonly kind: 'sip-called'; readonly invited: readonly PartyId[]; readonly at?: StatedTime }
  | { readonly kind: 'asked' | 'answered'; readonly thread: string }
  | { readonly kind: 'undone'; readonly eventId: string };

/** One statement of one party in one stay. */
export interface PartyEvent extends EventOrigin {
  readonly stayId: string;
  readonly party: PartyId;
  /** The notice that it is about: key of the act; absent when it is about the stay as a whole. */
  readonly about?: string;
  readonly sentAt: Instant;
  readonly says: PartyStatement;
}
