import type { Instant, StatedTime } from '../time/time.ts';
import type { Identity, PatientStatement, Protection } from './statements.ts';
import type { EventOrigin } from './stay-event.ts';

/**
 * What is said of a person beside any stay. It holds for all stays of the person.
 *
 *   merged             this person is the other one; what was open follows the survivor
 *   identified         a provisional number turned out to be this identity (DEC-18)
 *   died, not-dead     a death, and its correction
 *   protected          a protection, by a register or a person
 *   protection-lifted  taken away by the operator, the only one who may (DEC-23)
 *   registered         what the population register says
 *   undone             an earlier person event of the operator never was
 */
export type PersonStatement =
  | { readonly kind: 'merged'; readonly into: string }
  | { readonly kind: 'identified'; readonly identity: Identity }
  | { readonly kind: 'died'; readonly at?: StatedTime }
  | { readonly kind: 'not-dead' }
  | { readonly kind: 'protected'; readonly label: Protection }
  | { readonly kind: 'protection-lifted'; readonly reason: string }
  | { readonly kind: 'registered'; readonly patient: Partial<PatientStatement> }
  | { readonly kind: 'undone'; readonly eventId: string };

/** One statement about one person. */
export interface PersonEvent extends EventOrigin {
  readonly patientId: string;
  /** Who says it: an agreement's id, `register`, or the name of an operator. */
  readonly saidBy: string;
  readonly sentAt: Instant;
  readonly says: PersonStatement;
}
