import { GROUNDS } from '../notices/grounds.ts';
import { NEED_SCOPES, type FactCode } from './fact.ts';

/** What a fact of a code may hold (contract 5; BASIS: rules 8.2). */
export interface FactValueRule {
  /** In their order: `SOC~ROV` and `ROV~SOC` are one need. Undefined: text, kept as it was written. */
  readonly allowed: readonly string[] | ((text: string) => boolean) | undefined;
  /** `many`: several values are a set. */
  readonly values: 'one' | 'many';
}

const HSA_ID = /^SE\d{10}-[A-Za-z0-9]{1,18}$/;

const oneOf = (...allowed: string[]): FactValueRule => ({ allowed, values: 'one' });
const someOf = (allowed: readonly string[]): FactValueRule => ({ allowed, values: 'many' });
const YES_OR_NO = oneOf('Y', 'N');
const UNITS: FactValueRule = { allowed: (text) => HSA_ID.test(text), values: 'many' };
/** Contract 5 fixes no values for these yet. */
const TEXTS: FactValueRule = { allowed: undefined, values: 'many' };

/** The same for every way in: HL7 v2, FHIR and forms. */
export const FACT_VALUES: Readonly<Record<FactCode, FactValueRule>> = {
  NEED: someOf([...NEED_SCOPES, 'NONE']),
  CONSENT: YES_OR_NO,
  BASIS: someOf(GROUNDS),
  INS: oneOf('Y'),
  READY: YES_OR_NO,
  COMPULSORY: oneOf('LPT', 'LRV', 'OPT', 'ORV', 'N'),
  OPTAPPLIED: TEXTS,
  OPTDECISION: TEXTS,
  REFERRAL: YES_OR_NO,
  CARETYPE: oneOf('SOM', 'PSY', 'BER', 'BUP'),
  HOUSING: oneOf('ORD', 'SABO', 'LSS', 'HVB', 'KORTTID', 'HOMELESS', 'UNKNOWN'),
  PLACEDBY: { allowed: (text) => /^\d{4}$/.test(text), values: 'one' },
  CONTACT: UNITS,
  REHAB: UNITS,
  HOMECARE: TEXTS,
  INFO: { allowed: undefined, values: 'one' },
  OPPOSED: TEXTS,
  PATINFO: TEXTS,
  CHECK: TEXTS,
};
