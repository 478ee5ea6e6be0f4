import type { NeedScope } from '../events/fact.ts';
import type { Protection } from '../events/statements.ts';
import type { PartyId, UnitRole } from '../routing/party.ts';
import type { Instant } from '../time/time.ts';

/** Codes of `CodeSystem/task` (contract 4). */
export const TASK_CODES = [
  'ROUTE-BY-HAND',
  'COMPLETE-INS',
  'STATE-GROUND',
  'CONFIRM',
  'ANSWER-DEVIATION',
  'WARNING',
] as const;
export type TaskCode = (typeof TASK_CODES)[number];

/** A duty that a person has to do, with its clock. `owner` is `operator` or the organisation of the sender's agreement. */
export interface Duty {
  readonly code: TaskCode;
  /** Sets apart duties of one code in a stay. */
  readonly occasion: string;
  readonly owner: string;
  readonly since: Instant;
  readonly statedBy: string;
  readonly due: Instant;
  /**
   * The duty is one only from here on, if nothing has come by then: who says it must know that nothing has (architecture 7).
   * Absent: it is one at once.
   */
  readonly from?: Instant;
  /** Of a need that waits for a recipient: what it is of, and whom the person who decides is shown first. */
  readonly waiting?: {
    readonly role: UnitRole;
    readonly scopes: readonly NeedScope[];
    readonly proposals: readonly PartyId[];
  };
  /** Swedish, for a person; holds no identity, name or address. */
  readonly text: string;
  readonly protection?: Protection;
}
