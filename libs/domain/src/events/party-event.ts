import type { Ground } from '../codes/elements-and-grounds.ts';
import type { PartyId } from '../parties/party.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import type { AnswerCode } from '../codes/answer-code.ts';
import type { EventOrigin } from './event-origin.ts';
import type { Scope } from '../codes/scope.ts';

/*
 * Answers: what a recipient says back, what the region's open care says on its own duty, and what all of them, the ward too,
 * say to each other for the planning (contract 4). Where a ward speaks, its organisation is the party.
 *
 * Every notice that a party is delivered names the stay (Encounter.id) and itself (Communication.id). An answer names the
 * same two. It may come as a FHIR message, as an update of the Task, as JSON over HTTP or as a record on the party's own
 * topic; whichever it was, it is one party event from then on, and nothing after the translator can tell them apart.
 *
 *   said       on `events`: the party's word, not yet looked at by anyone who knows what the party was told
 *   taken      the Communication was told to this party in this stay, or the stay is this ward's: the word counts in its fold
 *   refused    it was not. "Not yours" and "not there" are refused in the same words (architecture 5)
 *   passed on  taken, and told to the ward's organisation, a ward's word to those who were told of the stay, and what is for
 *              the plan to both: free, or on a ground that the party states (rules 12.2)
 *   withheld   taken, but there is no ground: it counts, and nothing of it is told
 *   undone     the same party takes an earlier word of its own back: it never was
 *
 * An answer is a person's word. What the hub itself knows, that a notice lies at the recipient, is a receipt of the
 * dispatcher and never becomes an answer (MC-46).
 */

/**
 * Why a notice is returned. Each says only that this is not the right recipient: a reason such as "not known here" would
 * tell whether the person has a case (rules 12.2).
 */
export const RETURN_REASONS = ['NOT-REGISTERED-HERE', 'NOT-LISTED-HERE', 'OTHER-UNIT'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** Who answers for the patient in the region's open care, as a person is to be reached (LUS 2:5). */
export interface FixedContact {
  readonly name: string;
  readonly role?: string;
  readonly unit?: string;
  readonly telephone?: string;
}

/** What has become of a plan. */
export const PLAN_STATES = ['made', 'revised', 'closed'] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/**
 * The four items that a co-ordinated individual plan must have (HSL 16:4, SoL 10:8): which measures are needed, which of
 * them each principal answers for, what others than these do, and who has the lead. The plan itself stays at its source: the
 * hub is told which items it has (SIP-07).
 */
export const PLAN_ITEMS = ['MEASURES', 'RESPONSIBILITIES', 'OTHERS', 'LEAD'] as const;
export type PlanItem = (typeof PLAN_ITEMS)[number];

/** Who took part in a planning (DEC-10: the person, or a relative whom the person chose). */
export const PLAN_PARTICIPANTS = ['PERSON', 'RELATIVE', 'MUNICIPALITY', 'REGION', 'OTHER'] as const;
export type PlanParticipant = (typeof PLAN_PARTICIPANTS)[number];

/** Why neither the person nor a relative took part, where somebody wrote it down (DEC-10). */
export const ABSENCE_REASONS = ['DECLINED', 'UNABLE', 'OTHER'] as const;
export type AbsenceReason = (typeof ABSENCE_REASONS)[number];

/** Who did not want a planning: the person, which ends the duty (SIP-06), or one who was called. */
export const DECLINED_BY = ['PERSON', 'PARTY'] as const;
export type DeclinedBy = (typeof DECLINED_BY)[number];

/**
 * What a party says.
 *
 *   acknowledged       a person has taken part of the notice (KVI)
 *   returned           wrongly addressed; perhaps the right party (RET)
 *   planning-begun     PLAN
 *   obstacle           the region's measures are not there, are there, or nobody knows (LUS 5:5)
 *   found              the person was found admitted, or at home untold (DEC-09)
 *   contact-appointed  a fixed care contact, new or confirmed (FVK)
 *   sip-called         the call to a co-ordinated plan, and to whom
 *   informed           for the planning (PLAN-INFO)
 *   case-owned         whose the case is: a board's word on this beats the address (CASE-OWNER; RTE-23)
 *   recipient-added    a recipient of the party's own, such as the home-care provider (RECIPIENT; rules 12.7)
 *   asked, answered    QUERY and ANSWER; `thread` names the question, and is the id of the event that asked it
 *   sip-proposed       a time for the planning
 *   sip-replied        to a proposal or a call, by the id of the event that made it; perhaps another time
 *   sip-declined       there will be no planning, and who does not want it
 *   sip-planned        the plan is made, revised or closed: its items, consent (LUS 4:2), who took part, or why the person did not
 *   care-planned       the same of a co-ordinated care plan (LPT 7 a §), and which units have to adjust it
 *   care-plan-adjusted a unit adjusts the plan of that event: itself, or the one that is named
 *   opposed            the person does not want that something is told; scopes, or all
 *   undone             an earlier one of the same party, of this code, never was
 */
export type PartyStatement =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'returned'; readonly reason?: ReturnReason; readonly proposal?: PartyId }
  | { readonly kind: 'planning-begun' }
  | { readonly kind: 'obstacle'; readonly exists: 'yes' | 'no' | 'unknown' }
  | { readonly kind: 'found'; readonly where: 'admitted' | 'home' }
  | { readonly kind: 'contact-appointed'; readonly confirmed: boolean; readonly contact?: FixedContact }
  | {
      readonly kind: 'sip-called';
      readonly invited: readonly PartyId[];
      readonly at?: StatedTime;
      readonly text?: string;
    }
  | { readonly kind: 'informed'; readonly text: string }
  | { readonly kind: 'case-owned'; readonly owner: PartyId; readonly desk?: string }
  | {
      readonly kind: 'recipient-added';
      readonly recipient: PartyId;
      /** What the party lets a provider of home care know: all that such a provider is told. */
      readonly home?: HomeWord;
      /** For the ward and a clinic. */
      readonly text?: string;
    }
  | { readonly kind: 'asked' | 'answered'; readonly thread: string; readonly text?: string }
  | { readonly kind: 'sip-proposed'; readonly at: StatedTime; readonly text?: string }
  | {
      readonly kind: 'sip-replied';
      readonly proposal: string;
      readonly accepted: boolean;
      readonly at?: StatedTime;
      readonly text?: string;
    }
  | { readonly kind: 'sip-declined'; readonly by: DeclinedBy; readonly text?: string }
  | {
      readonly kind: 'sip-planned';
      readonly state: PlanState;
      readonly items: readonly PlanItem[];
      readonly consent: boolean;
      readonly tookPart: readonly PlanParticipant[];
      readonly absence?: AbsenceReason;
      readonly text?: string;
    }
  | {
      readonly kind: 'care-planned';
      readonly state: PlanState;
      readonly units: readonly PartyId[];
      readonly text?: string;
    }
  | { readonly kind: 'care-plan-adjusted'; readonly plan: string; readonly unit?: PartyId }
  | { readonly kind: 'opposed'; readonly scopes: readonly Scope[] }
  | { readonly kind: 'undone'; readonly eventId: string; readonly code: AnswerCode };

/** One statement of one party in one stay. */
export interface PartyEvent extends EventOrigin {
  readonly stayId: string;
  readonly party: PartyId;
  /** The notice that it is about: id of its Communication; absent when it is about the stay as a whole. */
  readonly about?: string;
  readonly sentAt: Instant;
  readonly says: PartyStatement;
  /** Grounds that the party states for telling the ward (rules 12.2, 12.3). */
  readonly grounds?: readonly Ground[];
  /** Id of who answered at the party; never a name. */
  readonly answeredBy?: string;
}

const CODE_OF: Readonly<Record<Exclude<PartyStatement['kind'], 'undone'>, AnswerCode>> = {
  acknowledged: 'KVI',
  returned: 'RET',
  'planning-begun': 'PLAN',
  obstacle: 'OBSTACLE',
  found: 'FOUND',
  'contact-appointed': 'FVK',
  'sip-called': 'SIP-CALL',
  informed: 'PLAN-INFO',
  asked: 'QUERY',
  answered: 'ANSWER',
  'sip-proposed': 'SIP-PROPOSE',
  'sip-replied': 'SIP-REPLY',
  'sip-declined': 'SIP-DECLINED',
  'sip-planned': 'SIP-PLAN',
  'care-planned': 'SVPL',
  'care-plan-adjusted': 'SVPL-ADJ',
  opposed: 'OPPOSED',
  'case-owned': 'CASE-OWNER',
  'recipient-added': 'RECIPIENT',
};

/** The code of an answer; the taking back of one has the code of what it takes back. */
export function answerCodeOf(says: PartyStatement): AnswerCode {
  return says.kind === 'undone' ? says.code : CODE_OF[says.kind];
}

/** Whether the measures that somebody has at home go on as they were (rules 12.2). */
export const UNCHANGED = ['yes', 'no', 'unknown'] as const;
export type Unchanged = (typeof UNCHANGED)[number];

/** What who helps at home may know of a stay: from when the person is away or home, and whom to call (rules 12.2). Never why. */
export interface HomeWord {
  readonly awayFrom?: StatedTime;
  readonly homeFrom?: StatedTime;
  readonly unchanged?: Unchanged;
  /** Name and telephone. */
  readonly call?: string;
}
