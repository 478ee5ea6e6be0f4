import type { NeedScope } from './fact.ts';

/** What law a party stands under where secrecy is asked about (rules 12.3). */
export const LEGAL_FORMS = ['region-authority', 'municipal-authority', 'private'] as const;
export type LegalForm = (typeof LEGAL_FORMS)[number];

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
