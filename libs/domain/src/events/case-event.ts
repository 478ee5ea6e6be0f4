import type { CaseAct, CaseRole, CaseSide, CaseState } from '../deviation-cases/case-life.ts';
import type { Consequence } from '../deviation-cases/deviation-case.ts';
import type { EventOrigin } from './event-origin.ts';

/**
 * What a person says of a deviation.
 *
 *   reported   something went wrong: of a stay that the reporter was told of; or of a person and a hospital, whose stay the
 *              hub looks for; or of a hospital alone
 *   acted      in a case, in a role and a state that the hub checked before it took the act in
 */
export type CaseStatement =
  | {
      readonly kind: 'reported';
      readonly code: string;
      /** Local day on which it happened. */
      readonly on: string;
      readonly consequence: Consequence;
      readonly consent: boolean;
      readonly text?: string;
      readonly stayId?: string;
      /** Id inside the hub of the person. */
      readonly patientId?: string;
      readonly organisation?: string;
    }
  | {
      readonly kind: 'acted';
      readonly caseId: string;
      readonly act: CaseAct;
      readonly role: CaseRole;
      readonly side: CaseSide;
      readonly from: CaseState;
      readonly standing: readonly string[];
    };

/** One word of a person on a deviation. */
export interface CaseEvent extends EventOrigin {
  /** Who says it, as the hub authenticated: a party, or an observer. */
  readonly by: string;
  readonly says: CaseStatement;
}
