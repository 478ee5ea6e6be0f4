import type { Ground } from '../notices/grounds.ts';
import type { PartyId } from '../routing/party.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import type { EventOrigin } from './stay-event.ts';

/*
 * Answers: what a recipient says back, and what the region's open care says on its own duty (contract 4).
 *
 * Every notice that a party is delivered names the stay (Encounter.id) and itself (Communication.id). An answer names the
 * same two. It may come as a FHIR message, as an update of the Task, as JSON over HTTP or as a record on the party's own
 * topic; whichever it was, it is one party event from then on, and nothing after the translator can tell them apart.
 *
 *   said       on `events`: the party's word, not yet looked at by anyone who knows what the party was told
 *   taken      the Communication was told to this party in this stay: the word counts in the fold of the stay
 *   refused    it was not. "Not yours" and "not there" are refused in the same words (architecture 5)
 *   passed on  taken, and told to the ward's organisation: free, or on a ground that the party states (rules 12.2)
 *   withheld   taken, but there is no ground: it counts, and nothing of it is told
 *   undone     the same party takes an earlier word of its own back: it never was
 *
 * An answer is a person's word. What the hub itself knows, that a notice lies at the recipient, is a receipt of the
 * dispatcher and never becomes an answer (MC-46).
 */

/** The codes of `CodeSystem/notice` that an answer may have. */
export const ANSWER_CODES = [
  'KVI',
  'RET',
  'PLAN',
  'OBSTACLE',
  'FOUND',
  'PLAN-INFO',
  'QUERY',
  'ANSWER',
  'FVK',
  'SIP-CALL',
] as const;
export type AnswerCode = (typeof ANSWER_CODES)[number];

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
 *   asked, answered    QUERY and ANSWER; `thread` names the question, and is the id of the event that asked it
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
  | { readonly kind: 'asked' | 'answered'; readonly thread: string; readonly text?: string }
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
};

/** The code of an answer; the taking back of one has the code of what it takes back. */
export function answerCodeOf(says: PartyStatement): AnswerCode {
  return says.kind === 'undone' ? says.code : CODE_OF[says.kind];
}
