import type { Instant } from '../time/time.ts';

/** What insatser a fact speaks of (contract 5): social services, municipal health care, the region's open care, home care. */
export const SCOPES = ['SOC', 'KHSL', 'ROV', 'HOME'] as const;
export type Scope = (typeof SCOPES)[number];

/** A need is of three kinds only; `HOME` is a scope of consent. */
export const NEED_SCOPES = ['SOC', 'KHSL', 'ROV'] as const;
export type NeedScope = (typeof NEED_SCOPES)[number];

/** The facts of the default dialect (contract 5). All are kept, so that a rule that comes later asks for no replay. */
export const FACT_CODES = [
  'NEED',
  'CONSENT',
  'BASIS',
  'INS',
  'READY',
  'COMPULSORY',
  'OPTAPPLIED',
  'OPTDECISION',
  'REFERRAL',
  'CARETYPE',
  'HOUSING',
  'PLACEDBY',
  'LSS',
  'CONTACT',
  'REHAB',
  'HOMECARE',
  'INFO',
  'OPPOSED',
  'PATINFO',
  'CHECK',
] as const;
export type FactCode = (typeof FACT_CODES)[number];

/** `F` states, `C` corrects, `D` was never true (OBX-11 `D` and `W`). */
export type FactStatus = 'F' | 'C' | 'D';

/** One statement of the default dialect (contract 5). */
export interface Fact {
  readonly code: FactCode;
  /** Empty = all scopes. In the order of {@link SCOPES}. */
  readonly scopes: readonly Scope[];
  /** OBX-5, one entry per repetition. */
  readonly values: readonly string[];
  readonly status: FactStatus;
  /**
   * When it holds from: OBX-14, else EVN-6, else MSH-7; a date alone is the end of that day. Never after the message was
   * sent (DEC-21).
   */
  readonly at: Instant;
  /**
   * OBX-14 as it was written; absent when the fact has no time of its own (DEC-04, DEC-07). Code, scopes and this text
   * name the fact (DEC-19): `at` would not do, because a date alone is cut at the sent time of each message.
   */
  readonly stated?: string;
  /** OBX-16, an id of the one who judged; never a name. */
  readonly judgedBy?: string;
}
