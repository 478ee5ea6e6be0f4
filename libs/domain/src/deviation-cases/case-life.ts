import type { Instant } from '../time/time.ts';

/**
 * The life of a case: one failure of one stay, whoever found it (rules 6.3).
 *
 *   new            found or reported; nobody has taken it up
 *   with-unit      the responsible unit has taken it up, or was asked
 *   answered       the unit has said cause and action
 *   storsthlm      escalated by a municipality or board, to Storsthlm (AVV-04)
 *   region         escalated by anybody else, to HSF's mailbox (AVV-04)
 *   working-group  given to the joint working group by one of the two
 *   closed         settled
 *   rejected       no deviation, with a reason
 *
 *   new -> with-unit                         take, by the unit
 *   new, with-unit, answered -> answered     answer, by the unit; a case that was escalated stays where it is
 *   answered -> with-unit                    ask, by who reported; escalated: by a reviewer, and it stays where it is
 *   new, with-unit, answered -> storsthlm, region   escalate, by the unit or who reported
 *   storsthlm, region -> working-group       escalate, by a reviewer
 *   answered, escalated -> closed            close: by who reported, or the unit when nobody did; escalated: by a reviewer
 *   new, with-unit, escalated -> rejected    reject: by the unit; escalated: by a reviewer
 *   closed, rejected -> with-unit            reopen, by any of them
 *
 * Beside this the facts close and open a case (`deviation-case.ts`): closed by the hub when nothing of it stands, and open as
 * new when something stands that it was not closed on.
 */
export const CASE_STATES = [
  'new',
  'with-unit',
  'answered',
  'storsthlm',
  'region',
  'working-group',
  'closed',
  'rejected',
] as const;
export type CaseState = (typeof CASE_STATES)[number];

export const CASE_ACTS = ['take', 'answer', 'ask', 'escalate', 'close', 'reject', 'reopen', 'withdraw'] as const;
export type CaseActName = (typeof CASE_ACTS)[number];

/** What a caller is to a case. */
export const CASE_ROLES = ['unit', 'reporter', 'reviewer'] as const;
export type CaseRole = (typeof CASE_ROLES)[number];

/** Whose escalation goes where (AVV-04). */
export const CASE_SIDES = ['municipal', 'region'] as const;
export type CaseSide = (typeof CASE_SIDES)[number];

export const CAUSES = [
  'routine-unknown',
  'routine-not-followed',
  'staffing',
  'technique',
  'wrong-recipient',
  'information-missing',
  'patient-circumstances',
  'other',
] as const;
export type Cause = (typeof CAUSES)[number];

export const ACTIONS = [
  'staff-informed',
  'routine-changed',
  'technique-mended',
  'settled-with-party',
  'risk-reported',
  'none',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What may be asked: reviewers ask by code alone (rules 12.5). */
export const QUESTIONS = ['cause', 'action', 'time-plan', 'recurring', 'who-was-told'] as const;
export type Question = (typeof QUESTIONS)[number];

export const ACT_REASONS = [
  'settled',
  'no-answer',
  'recurring',
  'of-principle',
  'disagreement',
  'patient-safety',
  'not-a-deviation',
  'wrong-unit',
  'duplicate',
  'new-information',
  'by-mistake',
] as const;
export type ActReason = (typeof ACT_REASONS)[number];

/** What a person does with a case. Text goes between the two units alone, never to a reviewer or the feed. */
export interface CaseAct {
  readonly act: CaseActName;
  readonly cause?: Cause;
  readonly action?: Action;
  readonly question?: Question;
  readonly reason?: ActReason;
  readonly text?: string;
  /** Of `withdraw`: the report that never was. */
  readonly report?: string;
}

/** An act as it was taken in: who did it in which role, and on what. */
export interface DoneAct extends CaseAct {
  readonly id: string;
  readonly at: Instant;
  /** Of its intake: of two acts at one instant the one with the lesser came first (DEC-20). */
  readonly stamp: number;
  /** Id of the party or observer. */
  readonly by: string;
  readonly role: CaseRole;
  readonly side: CaseSide;
  /** The state that it was done in, as the hub checked it then. */
  readonly from: CaseState;
  /** What stood in the case then: a case is closed on that and no more. */
  readonly standing: readonly string[];
}

const ESCALATED: ReadonlySet<CaseState> = new Set<CaseState>(['storsthlm', 'region', 'working-group']);

/** True of a case that Storsthlm and HSF act on. */
export function isEscalated(state: CaseState): boolean {
  return ESCALATED.has(state);
}

/** True of a case that somebody has still to act on. */
export function isOpenCase(state: CaseState): boolean {
  return state !== 'closed' && state !== 'rejected';
}

/** What may be done besides what a state and an act say. */
export interface Circumstance {
  readonly role: CaseRole;
  readonly side: CaseSide;
  /** Somebody's report stands in the case. */
  readonly isReported: boolean;
}

/**
 * Where an act leads from a state.
 * @returns the state after it, or undefined when this role may not do it there
 */
export function transition(from: CaseState, act: CaseActName, of: Circumstance): CaseState | undefined {
  const { role } = of;
  if (act === 'withdraw') return role === 'reporter' ? from : undefined;
  if (isEscalated(from)) return escalatedTransition(from, act, role);
  if (!isOpenCase(from)) return act === 'reopen' ? 'with-unit' : undefined;
  switch (act) {
    case 'take':
      return role === 'unit' && from === 'new' ? 'with-unit' : undefined;
    case 'answer':
      return role === 'unit' ? 'answered' : undefined;
    case 'ask':
      return role === 'reporter' && from === 'answered' ? 'with-unit' : undefined;
    case 'escalate':
      if (role === 'reviewer') return undefined;
      return of.side === 'municipal' ? 'storsthlm' : 'region';
    case 'close':
      return from === 'answered' && (role === 'reporter' || (role === 'unit' && !of.isReported)) ? 'closed' : undefined;
    case 'reject':
      return role === 'unit' && from !== 'answered' ? 'rejected' : undefined;
    case 'reopen':
      return undefined;
  }
}

function escalatedTransition(from: CaseState, act: CaseActName, role: CaseRole): CaseState | undefined {
  if (role === 'unit') return act === 'answer' ? from : undefined;
  if (role !== 'reviewer') return undefined;
  if (act === 'ask') return from;
  if (act === 'escalate') return from === 'working-group' ? undefined : 'working-group';
  if (act === 'close') return 'closed';
  return act === 'reject' ? 'rejected' : undefined;
}

/** The acts that a role may do now, in the order of {@link CASE_ACTS}. */
export function actsIn(state: CaseState, of: Circumstance): CaseActName[] {
  return CASE_ACTS.filter((act) => transition(state, act, of) !== undefined);
}
