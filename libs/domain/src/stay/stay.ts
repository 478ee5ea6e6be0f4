import type { NeedScope, Scope } from '../codes/scope.ts';
import type { PatientStatement, Protection } from '../events/statements.ts';
import type { Terms } from '../events/event-origin.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import type { FactInForce, LostCorrection } from './facts.ts';
import type { Discharge } from './inpatient-course.ts';
import type { InsOrder, Need } from './need.ts';

/**
 * The state of a stay is the fold of its events, total over every permutation (architecture 2.5, 4).
 *
 *   unknown    nothing that states an inpatient admission has come
 *   admitted   some message said class inpatient and a start (DEC-02)
 *   discharged a discharge is in force: no cancellation was sent after it (DEC-24)
 *   cancelled  it was cancelled, and no admission was sent after that: the stay never was (DEC-15)
 *
 * unknown -> admitted -> discharged -> (cancel-discharge, admitted anew) admitted;
 * any -> (cancel-admission) cancelled -> (admit sent later) what the events say (DEC-25).
 *
 * A discharged stay closes a while after the discharge (DEC-17): what is said of person and need from then on is not the
 * stay's any more. A discharge that is taken back or corrected opens it again.
 */
export type StayState = 'unknown' | 'admitted' | 'discharged' | 'cancelled';

/** What the ward tells of one scope at one time (LUS 3:2). */
export interface InfoStatement {
  /** Scope and time: sets it apart from other INFO of the stay. */
  readonly slot: string;
  readonly scopes: readonly Scope[];
  readonly text: string;
  readonly at: Instant;
  readonly statedBy: string;
}

export interface Stay {
  readonly state: StayState;
  readonly terms: Terms;
  readonly patient: PatientStatement;
  /** Sets apart the persons that the visit was said to be of (DEC-18): the message that brought this one; empty for the first. */
  readonly personKey: string;
  /** Sets apart the stay before and after a cancellation that was revived (DEC-25): the message that revived it. */
  readonly revival: string;
  readonly protection?: Protection;
  /** A sender asked for a protection to be deleted; only a person may (DEC-23). */
  readonly protectionDeletedBy?: string;
  readonly ward?: string;
  readonly admittedAt?: Instant;
  readonly expectedDischarge?: StatedTime;
  /** Absent: never stated. Scopes empty: `NONE`. */
  readonly need?: Need;
  readonly insOrders: readonly InsOrder[];
  /** Latest `READY`, and since when it has been `Y`. */
  readonly ready: 'unstated' | 'no' | { readonly since: Instant };
  /** The stay goes on in open compulsory care (DEC-11). */
  readonly openCompulsoryCare: boolean;
  readonly discharges: readonly Discharge[];
  readonly deceased: boolean;
  readonly everDischarged: boolean;
  readonly infos: readonly InfoStatement[];
  /** CONSENT and BASIS facts in force, oldest first: `disclosure/stated-grounds.ts` reads them. */
  readonly disclosures: readonly FactInForce[];
  /** Facts in force that say who else is concerned: CONTACT, REHAB, HOUSING, PLACEDBY, LSS, CARETYPE, HOMECARE. */
  readonly concerns: readonly FactInForce[];
  /** Facts in force that deviations are judged by, and of which OPTDECISION is told besides, oldest first: READY, REFERRAL, OPTAPPLIED, OPTDECISION, OPPOSED, PATINFO, CHECK. */
  readonly recorded: readonly FactInForce[];
  /** From here on statements of person and need are not the stay's any more (DEC-17); absent while no discharge is in force. */
  readonly closesAt?: Instant;
  readonly lostCorrections: readonly LostCorrection[];
}

/** The scopes in which a need is recorded. */
export function neededScopes({ need }: Pick<Stay, 'need'>): NeedScope[] {
  return (need?.scopes ?? []).map(({ scope }) => scope);
}

/** The discharge that holds now, if any. */
export function dischargeOf(stay: Stay): Discharge | undefined {
  return stay.state === 'discharged' ? stay.discharges.at(-1) : undefined;
}

/** True while anything can be a duty at all: inpatient admission stated, the stay real and the person alive. */
export function isReal(stay: Stay): boolean {
  return stay.state !== 'cancelled' && !stay.deceased && stay.admittedAt !== undefined;
}

/** True while an INS is a duty: a real stay, and need recorded (DEC-01). */
export function hasInsDuty(stay: Stay): boolean {
  return isReal(stay) && (stay.need?.scopes.length ?? 0) > 0;
}
