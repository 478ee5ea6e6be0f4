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
  'SIP-PROPOSE',
  'SIP-REPLY',
  'SIP-DECLINED',
  'SIP-PLAN',
  'SVPL',
  'SVPL-ADJ',
  'OPPOSED',
  'CASE-OWNER',
  'RECIPIENT',
] as const;
export type AnswerCode = (typeof ANSWER_CODES)[number];

/**
 * Codes that a ward may say too (contract 4, "from any"). A call by a ward is kept, and satisfies nobody (DEC-12). That the
 * person opposes is, of a ward, a fact of its stay like any other.
 */
export const PLANNING_CODES = [
  'PLAN-INFO',
  'QUERY',
  'ANSWER',
  'SIP-CALL',
  'SIP-PROPOSE',
  'SIP-REPLY',
  'SIP-DECLINED',
  'SIP-PLAN',
  'SVPL',
  'SVPL-ADJ',
] as const satisfies readonly AnswerCode[];
export type PlanningCode = (typeof PLANNING_CODES)[number];
