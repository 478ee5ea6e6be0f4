import { FACT_CODES, PLANNING_CODES, type Course, type FactCode, type Leaving } from '#libs/domain';

/**
 * What a message says, by the code of its event (contract 4, `CodeSystem/notice`), and who may say it (rules 12.2).
 *
 *   ward   a sender with an agreement says it of one of its stays, which it names by its own visit id
 *   party  a recipient says it of a stay that it was told of, which it names by the hub's id
 *   any    both may say it, each naming the stay in its own way: what is for the planning, and a call (DEC-12)
 */
export type IncomingKind = WardKind | PartyKind | AnyKind;

export interface WardKind {
  readonly from: 'ward';
  /** What it does to the stay; `update` when left out. */
  readonly course?: Course;
  /** The fact that it is: an Observation of this code must be there. */
  readonly fact?: FactCode;
  /** The only value that the fact may have. */
  readonly value?: string;
  /** It takes a fact away: the Observation must be entered in error. */
  readonly takesAway?: true;
  /** What of the Encounter it must state. */
  readonly must?: 'end' | 'expectedDischarge';
  readonly leaving?: Leaving;
  /** It says that the person is dead. */
  readonly dead?: true;
  /** The course of its removal (Provenance `removal`), where that is not a fact's. */
  readonly removal?: Course;
}

export interface PartyKind {
  readonly from: 'party';
}

export interface AnyKind {
  readonly from: 'any';
  /** What it is of a ward, where that is a fact of the stay. */
  readonly ofWard?: WardKind;
}

const fact = (code: FactCode, more: Omit<WardKind, 'from' | 'fact'> = {}): WardKind => ({
  from: 'ward',
  fact: code,
  ...more,
});
const PARTY: PartyKind = { from: 'party' };
const LEFT = { course: 'discharge', must: 'end', removal: 'cancel-discharge' } as const;

/** Kinds of messages by the code of their event. A Map: `constructor` is no event. */
export const INCOMING_KINDS: ReadonlyMap<string, IncomingKind> = new Map<string, IncomingKind>([
  ['NEED', fact('NEED')],
  ['CONSENT', fact('CONSENT')],
  ['BASIS', fact('BASIS')],
  ['INS', fact('INS', { value: 'Y' })],
  ['INS-WITHDRAWN', fact('INS', { takesAway: true })],
  ['BUT', { from: 'ward', course: 'planned-end', must: 'expectedDischarge', removal: 'cancel-planned-end' }],
  ['UTK', fact('READY', { value: 'Y' })],
  ['UTK-WITHDRAWN', fact('READY', { value: 'N' })],
  ['UTS', { from: 'ward', ...LEFT }],
  ['INFO', fact('INFO')],
  ['TRANSFER', { from: 'ward', ...LEFT, leaving: 'transfer' }],
  ['LEAVE-START', { from: 'ward', course: 'leave-start', removal: 'leave-end' }],
  ['LEAVE-END', { from: 'ward', course: 'leave-end', removal: 'leave-start' }],
  ['DECEASED', { from: 'ward', dead: true, removal: 'update' }],
  ['OPT-APPLIED', fact('OPTAPPLIED')],
  ['OPT-DECISION', fact('OPTDECISION')],
  ['PATINFO', fact('PATINFO')],
  ['CHECK', fact('CHECK')],
  ['OPPOSED', { from: 'any', ofWard: fact('OPPOSED') }],
  ...PLANNING_CODES.map((code) => [code, { from: 'any' }] as const),
  ...['FVK', 'KVI', 'RET', 'PLAN', 'OBSTACLE', 'FOUND', 'CASE-OWNER', 'RECIPIENT'].map(
    (code) => [code, PARTY] as const,
  ),
]);

/** Whether one of this role may say what has this code (rules 12.2); of what is no kind nobody may. */
export function maySay(code: string, role: 'ward' | 'party'): boolean {
  const from = INCOMING_KINDS.get(code)?.from;
  return from === role || from === 'any';
}

/** Observations that a ward's message may hold: every fact of the default dialect (contract 5). */
export const isFact = (code: string): code is FactCode => FACT_CODES.some((known) => known === code);
