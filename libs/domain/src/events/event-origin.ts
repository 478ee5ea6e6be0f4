import type { LegalForm } from '../codes/legal-form.ts';
import type { NeedScope } from '../codes/scope.ts';
import type { Instant } from '../time/time.ts';

/** What every event says of where it comes from and when the hub took it in. */
export interface EventOrigin {
  readonly eventId: string;
  readonly inboundId: string;
  readonly ordinal: number;
  /** Of agreement and translator, ever growing: a higher one replaces all events of the same inbound id. */
  readonly revision: number;
  /** When the hub took it in; of duplicates the earliest. */
  readonly intakeAt: Instant;
  /** Stamp of the ingress, strictly growing per connection: of events equal in all else, the one taken in last holds (DEC-20). */
  readonly intakeStamp: number;
  /** The person whom the message names was looked up in the register of persons (SEC-20), and whether it has one; absent: not. */
  readonly register?: RegisterAnswer;
}

/** What a register of persons answered when it was asked for somebody. */
export const REGISTER_ANSWERS = ['found', 'unknown'] as const;
export type RegisterAnswer = (typeof REGISTER_ANSWERS)[number];

/** What the sender's agreement means for an event (contract 5, switches). Baked in by the translator, so that a fold needs no look-up. */
export interface Terms {
  /** The organisation that the agreement is with: owns its wards' Tasks and deviations. HSA-id. */
  readonly organisation: string;
  /** Name of the care provider that an INS may carry (rules 12.4). */
  readonly careProvider: string;
  /** Legal form of the ward, for grounds (rules 12.3). */
  readonly legalForm: LegalForm;
  readonly ins: 'auto' | 'ordered';
  /** Scopes that every inpatient admission implies; empty when need is always stated. */
  readonly impliedNeed: readonly NeedScope[];
  readonly info: 'here' | 'elsewhere';
  /** The ward states PATINFO through the hub; absent: it may inform its patients without a word here (UTS-06). */
  readonly patientInformation?: 'here';
  readonly clock: 'trusted' | 'intake';
  /** First local day on which the sender was connected: a stay that began before it is not judged (DEC-30). */
  readonly connectedFrom: string;
}

/** Of a statement that came under no agreement. Nobody reads them: a stay has the terms of its ward's messages. */
export const NO_TERMS: Terms = {
  ...{ organisation: '', careProvider: '', legalForm: 'private', ins: 'ordered' },
  ...{ impliedNeed: [], info: 'elsewhere', clock: 'intake', connectedFrom: '9999-12-31' },
};

/**
 * Something that is not right in a message that was taken all the same (rules 12.9).
 *
 *   noted     in a field that no duty and no notice uses (SAL-2)
 *   unstated  in a field that one uses: the field counts as not stated (SAL-3)
 *   flagged   read otherwise than it was written, or written otherwise than agreed (SAL-4, DEC-19, DEC-21, DEC-26, DEC-28)
 */
export const FINDING_GRADES = ['noted', 'unstated', 'flagged'] as const;
export type FindingGrade = (typeof FINDING_GRADES)[number];

/** One finding on an event (SAL-5). Holds no content. */
export interface EventFinding {
  readonly grade: FindingGrade;
  /** Name in the table of coded errors. */
  readonly code: string;
  /** Where in the message (`PV2-9`, `OBX-3[2]`). */
  readonly place: string;
}
