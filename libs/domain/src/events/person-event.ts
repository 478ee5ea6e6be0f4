import type { Instant, StatedTime } from '../time/time.ts';
import type { EventFinding, EventOrigin } from './event-origin.ts';
import type { Identity, Merger, PatientStatement, Protection } from './statements.ts';

/**
 * What is said of a person beside any stay. It holds for all stays of the person: how a stay reads it is in
 * `person/person-in-stay.ts`.
 *
 *   described          name, address, listing, protection, death, as a sender has them (A28, A31)
 *   merged             two records are one person's; what was open goes on under the identities of the survivor (A18, A34, A40)
 *   identified         a provisional number turned out to be this identity (DEC-18)
 *   died, not-dead     a death, and its correction
 *   protected          a protection, by a register or a person
 *   protection-lifted  taken away by the operator, the only one who may (DEC-23); in one stay (`visit`) also what was said of
 *                      that visit alone
 *   stays-joined       the operator: two stays are one, and what is said of `from` is said of `into` (`person/joined-stays.ts`)
 *   registered         what the population register says: shown beside what senders say, never in its place
 *   undone             an earlier person event of the operator never was
 */
export type PersonStatement =
  | { readonly kind: 'described'; readonly patient: PatientStatement }
  | Merger
  | { readonly kind: 'identified'; readonly identity: Identity }
  | { readonly kind: 'died'; readonly at?: StatedTime }
  | { readonly kind: 'not-dead' }
  | { readonly kind: 'protected'; readonly label: Protection }
  | { readonly kind: 'protection-lifted'; readonly reason: string; readonly visit?: string }
  | { readonly kind: 'stays-joined'; readonly from: string; readonly into: string; readonly reason: string }
  | { readonly kind: 'registered'; readonly patient: Partial<PatientStatement> }
  | { readonly kind: 'undone'; readonly eventId: string };

/** One statement about one person. */
export interface PersonEvent extends EventOrigin {
  /**
   * Ids that the person may be known by: one for each identity that is named, of a merge those given up as well. The first
   * is the one of the identity that counts.
   */
  readonly patientIds: readonly [string, ...string[]];
  /** Who says it: an agreement's id, `register`, or the name of an operator. */
  readonly saidBy: string;
  /** What the sender calls the message (`A31`). Shown; it decides nothing. */
  readonly trigger: string;
  /** Where it stands in the order of time. */
  readonly at: Instant;
  readonly sentAt: Instant;
  readonly says: PersonStatement;
  /** What was not right in the message (SAL-5). */
  readonly findings: readonly EventFinding[];
}
