import { GROUNDS } from '../codes/elements-and-grounds.ts';
import { NEED_SCOPES, type Scope } from '../codes/scope.ts';
import type { Instant } from '../time/time.ts';

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

/** What a fact of a code may hold (contract 5; BASIS: rules 8.2). */
export interface FactValueRule {
  /** In their order: `SOC~ROV` and `ROV~SOC` are one need. Undefined: text, kept as it was written. */
  readonly allowed: readonly string[] | ((text: string) => boolean) | undefined;
  /** `many`: several values are a set. `answer`: one of `Y` and `N`, and perhaps the parties that alone are meant by it. */
  readonly values: 'one' | 'many' | 'answer';
}

const HSA_ID = /^SE\d{10}-[A-Za-z0-9]{1,18}$/;
/** A municipality's code, a board's id (contract 1). */
const MUNICIPAL_ID = /^\d{4}(?:-[a-z]+)*$/;
const ANSWERS: readonly string[] = ['Y', 'N'];

const oneOf = (...allowed: string[]): FactValueRule => ({ allowed, values: 'one' });
const someOf = (allowed: readonly string[]): FactValueRule => ({ allowed, values: 'many' });
const YES_OR_NO = oneOf('Y', 'N');
const UNITS: FactValueRule = { allowed: (text) => HSA_ID.test(text), values: 'many' };
/** A consent, or its refusal: of all recipients in its scopes, or of those it names (rules 12.3). */
const ANSWER: FactValueRule = {
  allowed: (text) => ANSWERS.includes(text) || MUNICIPAL_ID.test(text) || HSA_ID.test(text),
  values: 'answer',
};
/** Contract 5 fixes no values for these yet. */
const TEXTS: FactValueRule = { allowed: undefined, values: 'many' };

/** The same for every way in: HL7 v2, FHIR and forms. */
export const FACT_VALUES: Readonly<Record<FactCode, FactValueRule>> = {
  NEED: someOf([...NEED_SCOPES, 'NONE']),
  CONSENT: ANSWER,
  BASIS: someOf(GROUNDS),
  INS: oneOf('Y'),
  READY: YES_OR_NO,
  COMPULSORY: oneOf('LPT', 'LRV', 'OPT', 'ORV', 'N'),
  OPTAPPLIED: TEXTS,
  OPTDECISION: TEXTS,
  REFERRAL: YES_OR_NO,
  CARETYPE: oneOf('SOM', 'PSY', 'BER', 'BUP'),
  HOUSING: oneOf('ORD', 'SABO', 'LSS', 'HVB', 'KORTTID', 'HOMELESS', 'PRISON', 'UNKNOWN'),
  PLACEDBY: { allowed: (text) => /^\d{4}$/.test(text), values: 'one' },
  LSS: YES_OR_NO,
  CONTACT: UNITS,
  REHAB: UNITS,
  HOMECARE: TEXTS,
  INFO: { allowed: undefined, values: 'one' },
  OPPOSED: TEXTS,
  PATINFO: TEXTS,
  CHECK: TEXTS,
};

/**
 * True when values may stand together in one fact. What does not agree states nothing: of two answers neither is guessed, and a
 * consent whose recipient cannot be read must not become one for everybody (SAL-3).
 */
export function agree(code: FactCode, written: readonly string[]): boolean {
  const { allowed, values } = FACT_VALUES[code];
  if (values === 'many') return true;
  if (values === 'one') return written.length < 2;
  const isKnown = (text: string): boolean => typeof allowed !== 'function' || allowed(text);
  if (written.length === 0) return true;
  return written.every(isKnown) && written.filter((text) => ANSWERS.includes(text)).length === 1;
}
