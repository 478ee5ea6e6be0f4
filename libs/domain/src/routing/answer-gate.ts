import { answerCodeOf, type AnswerCode, type PartyEvent } from '../events/party-event.ts';
import type { LegalForm } from '../events/terms.ts';
import { GROUNDS, type Ground } from '../notices/grounds.ts';
import type { Party } from './party.ts';
import { holds } from './grounds.ts';

/** What an answer of one code may be, and how it may go on to the ward (rules 12.2). */
interface AnswerRule {
  /** `open-care`: a duty of the region's open care alone, so that only a clinic may say it (LUS 2:5). */
  readonly by: 'any' | 'open-care';
  /** `free`: it holds nothing of the person but that this party is, or is not, the right one. */
  readonly passes: 'free' | 'on-ground';
}

const FREE: AnswerRule = { by: 'any', passes: 'free' };
const ON_GROUND: AnswerRule = { by: 'any', passes: 'on-ground' };

/**
 * Rules 12.2, one row per code. A call to a co-ordinated plan by another than the region's open care is kept all the same:
 * it raises SIP-04 and satisfies nobody (DEC-12).
 */
const RULES: Readonly<Record<AnswerCode, AnswerRule>> = {
  KVI: FREE,
  RET: FREE,
  PLAN: FREE,
  OBSTACLE: ON_GROUND,
  FOUND: ON_GROUND,
  'PLAN-INFO': ON_GROUND,
  QUERY: ON_GROUND,
  ANSWER: ON_GROUND,
  FVK: { by: 'open-care', passes: 'on-ground' },
  'SIP-CALL': ON_GROUND,
  'SIP-PROPOSE': ON_GROUND,
  'SIP-REPLY': ON_GROUND,
  'SIP-DECLINED': ON_GROUND,
  'SIP-PLAN': ON_GROUND,
  SVPL: ON_GROUND,
  'SVPL-ADJ': ON_GROUND,
  OPPOSED: ON_GROUND,
};

/** True when a party of this kind may give such an answer at all. */
export function mayAnswer(code: AnswerCode, { kind }: Pick<Party, 'kind'>): boolean {
  return RULES[code].by === 'any' || kind === 'clinic';
}

/** True when an answer of this code is told to the ward only on a ground. */
export function needsGround(code: AnswerCode): boolean {
  return RULES[code].passes === 'on-ground';
}

/** Whether an answer goes on to the ward, and by what right. */
export type AnswerPassage =
  | { readonly passes: 'free' }
  | { readonly passes: 'on-ground'; readonly ground: Ground }
  | { readonly passes: 'withheld' };

/**
 * Whether a party's answer may be told to the ward (rules 12.2, 12.3; OSL 26:1, 25:1). The ground is the party's own to state,
 * for it is the party's secrecy: what the ward stated of consent is about what the ward may tell. SAME_REGION follows from
 * the legal forms without statement.
 * @param from the party that answers; one with several legal forms may tell what any of them may (RTE-08)
 * @param to legal forms of who would be told: the ward, or one who is called to a plan
 * @param date local day
 */
export function answerPassage(
  { says, grounds = [] }: Pick<PartyEvent, 'says' | 'grounds'>,
  from: Pick<Party, 'legalForms'>,
  to: readonly LegalForm[],
  date: string,
): AnswerPassage {
  const code = answerCodeOf(says);
  // What is taken back was told, or was not: that nothing of it holds any more reveals no more than it did.
  if (says.kind === 'undone' || !needsGround(code)) return { passes: 'free' };
  const carries = (ground: Ground): boolean =>
    from.legalForms.some((form) => holds(ground, { kind: code, from: form, to: { legalForms: to }, date }));
  const stated = GROUNDS.filter((ground) => ground === 'SAME_REGION' || grounds.includes(ground));
  const ground = stated.find(carries);
  return ground ? { passes: 'on-ground', ground } : { passes: 'withheld' };
}
