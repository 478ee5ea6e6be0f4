import { LONGEST_IDENTITY, type Identity, type IdentityType } from '#libs/domain';
import { FHIR_BASE, IDENTIFIER_SYSTEM, identityTypeOf } from '#libs/fhir';
import { textOf, type Repetition } from '#libs/hl7v2';
import type { Agreement, IdentityRule } from '#libs/county';
import type { FaultName } from '#libs/platform';
import {
  birthDateOf,
  hasStockholmCheckDigit,
  hasStockholmForm,
  isLmaNumber,
  isReserveNumber,
  namesADay,
  nationalReserveNumber,
  readPersonalNumber,
  shapeOf,
  type BirthHints,
} from '#libs/platform';

/** Why an identifier cannot be one; `unsure`: told only when no other identity settles who it is. */
export interface Wrong {
  readonly fault: FaultName;
  readonly unsure: boolean;
}
export type Reading = Identity | Wrong;

/**
 * One CX as an identity; undefined when it holds none. A number that its sender calls Swedish must have the form and the check
 * digit of its kind; what no register claims is a local number, which only its issuer knows.
 */
export function readIdentifier(cx: Repetition, agreement: Agreement, hints: BirthHints): Reading | undefined {
  // A blank where the hyphen stands says the same.
  const text = textOf(cx.unsplit(1))
    ?.trim()
    .replace(/^(\d{6}|\d{8}) (?=\d{4}$)/, '$1-');
  if (text === undefined || text === '') return undefined;
  const assigner = {
    namespace: cx.text(4),
    universalId: cx.text(4, 2)?.replace(/^urn:oid:/i, ''),
    typeCode: cx.text(5),
  };
  const { certainty, type } = claimOf(assigner, agreement.identityTypes);
  const local: Identity = { type: 'other', system: systemOf(assigner, agreement.id), value: text };
  if (text.length > LONGEST_IDENTITY || local.system.length > LONGEST_IDENTITY) return wrong('bad-identity');
  switch (certainty) {
    case 'named':
      return swedish(text, type, local, hints);
    case 'perhaps':
      return looksSwedish(text) ? swedish(text, type, local, hints) : local;
    case 'formed':
    case 'untyped':
      return byForm(text, certainty, hints) ?? local;
    case 'foreign':
      return local;
  }
}

/** A number that its sender calls Swedish: form and check digit must be right; where two forms differ, form decides. */
function swedish(text: string, type: IdentityType, local: Identity, hints: BirthHints): Reading {
  if (type === 'reservnummer-region') return isReserveNumber(text) ? { ...local, type } : wrong('bad-identity');
  if (type === 'LMA-nummer') return isLmaNumber(text) ? identity(type, text) : wrong('bad-identity');
  const national = nationalReserveNumber(text);
  if (national !== undefined) return identity('nationelltReservnummer', national);
  const digits = text.replace('-', '');
  if (hasStockholmForm(digits)) {
    return hasStockholmCheckDigit(digits) ? identity('reservnummer-stockholm', digits) : wrong('wrong-check-digit');
  }
  const shape = shapeOf(text);
  // `RESNR` names no region: what has not Stockholm's form is another's, under the name that its sender gives it.
  if (type === 'reservnummer-stockholm' && !local.system.startsWith('urn:') && (!shape || !namesADay(shape))) {
    return isReserveNumber(text) ? { ...local, type: 'reservnummer-region' } : wrong('bad-identity');
  }
  if (shape === undefined || type === 'nationelltReservnummer' || type === 'reservnummer-stockholm') {
    return wrong('bad-identity');
  }
  const number = readPersonalNumber(shape, hints);
  return typeof number === 'string' ? wrong(number) : identity(number.type, number.value);
}

/**
 * A number whose form must tell, since its sender does not. A right personal number is one when its day is the birth
 * date (`formed`: also when no birth date is given). What is a personal number but for its check digit or its century
 * is not guessed: a fault, unless another identity tells who it is. Everything else is a local number.
 */
function byForm(text: string, certainty: 'formed' | 'untyped', hints: BirthHints): Reading | undefined {
  const shape = shapeOf(text);
  if (shape === undefined || !namesADay(shape)) return undefined;
  const number = readPersonalNumber(shape, hints);
  if (number === 'ambiguous-century') return isRightInSomeCentury(shape.digits) ? wrong(number, true) : undefined;
  if (typeof number === 'string') return isBirthDate(shape.digits, hints) ? wrong(number, true) : undefined;
  const fits = birthDateOf(number.value)?.startsWith(hints.birthDate ?? '') === true;
  return fits && (certainty === 'formed' || hints.birthDate?.length === 8)
    ? identity(number.type, number.value)
    : undefined;
}

/** The check digit leaves the century out, so it is right in all or in none where the day exists. */
function isRightInSomeCentury(tenDigits: string): boolean {
  const unknown = { birthDate: undefined, yearSent: 0 };
  return ['19', '20'].some((century) => {
    const number = readPersonalNumber({ kind: 'twelve', digits: century + tenDigits }, unknown);
    return typeof number !== 'string';
  });
}

/** Of ten digits only those of twelve that end in them are compared: the century is what is not known. */
function isBirthDate(digits: string, { birthDate }: BirthHints): boolean {
  if (birthDate?.length !== 8) return false;
  const twelve = digits.length === 12 ? digits : birthDate.slice(0, 2) + digits;
  return birthDateOf(twelve) === birthDate;
}

function looksSwedish(text: string): boolean {
  const shape = shapeOf(text);
  if (nationalReserveNumber(text) !== undefined || hasStockholmForm(text)) return true;
  return shape !== undefined && namesADay(shape);
}

function identity(type: Exclude<IdentityType, 'other' | 'reservnummer-region'>, value: string): Identity {
  return { type, system: IDENTIFIER_SYSTEM[type], value };
}

/** An OID is its own name; a local assigner's name means something at its sender only. */
function systemOf({ namespace, universalId, typeCode }: Assigner, sender: string): string {
  const oid = [universalId, namespace].find(isOid);
  if (oid !== undefined) return `urn:oid:${oid}`;
  const name = universalId ?? namespace ?? typeCode ?? 'local';
  return `${FHIR_BASE}/sid/${encodeURIComponent(sender)}/${encodeURIComponent(name)}`;
}

function wrong(fault: FaultName, unsure = false): Reading {
  return { fault, unsure };
}

/** The parts of one CX that tell what kind of identity it is. */
interface Assigner {
  /** CX.4.1, CX.4.2, CX.5 */
  readonly namespace: string | undefined;
  readonly universalId: string | undefined;
  readonly typeCode: string | undefined;
}

/**
 * How sure a sender's words are that an identifier is a Swedish personal identity (standards 2, 3.5: by type, never by
 * position).
 *   named    by its register, or by its type with no other register named: what does not fit is a fault
 *   perhaps  by its type, under an assigner that we do not know: what has no such form is a local number
 *   formed   by a type that local numbers have too (`MR`): only a right number is one
 *   untyped  nothing is said: a right number is one when its day is the birth date
 *   foreign  another register's number: never read as a Swedish one, whatever its form
 */
type Certainty = 'named' | 'perhaps' | 'formed' | 'untyped' | 'foreign';

interface Claim {
  readonly certainty: Certainty;
  readonly type: IdentityType;
}

/** What the assigner and the type of an identifier claim, by the agreement's rules (its own first, then the default's). */
function claimOf(assigner: Assigner, rules: readonly IdentityRule[]): Claim {
  const { namespace, universalId } = assigner;
  const rule = rules.find((candidate) => applies(candidate, assigner));
  if (rule?.assigner !== undefined) return claim(rule, 'named');
  const register = [universalId, namespace].map((text) => identityTypeOf(text ?? '')).find((type) => type !== 'other');
  if (register !== undefined) return { certainty: 'named', type: register };
  if (universalId !== undefined || isOid(namespace)) return { certainty: 'foreign', type: 'other' };
  // Table 0203, `NN` and a country: a Danish or Finnish number has the form of ours, and may have its check digit.
  if (rule === undefined && /^NN(?!SWE$)[A-Z]{3}$/.test(assigner.typeCode ?? ''))
    return { certainty: 'foreign', type: 'other' };
  if (rule === undefined) return { certainty: 'untyped', type: 'other' };
  return claim(rule, namespace === undefined ? 'named' : 'perhaps');
}

/** True for an OID in dotted form: it names its register everywhere in the world. */
function isOid(text: string | undefined): boolean {
  return text !== undefined && /^[0-2](?:\.\d+)+$/.test(text);
}

function claim(rule: IdentityRule, certainty: Certainty): Claim {
  if (rule.type === 'other') return { certainty: 'foreign', type: 'other' };
  return { certainty: rule.onlyIfFormed === true ? 'formed' : certainty, type: rule.type };
}

/** A rule names an assigner, a type code, or both; one with neither would match everything. */
function applies(rule: IdentityRule, { namespace, universalId, typeCode }: Assigner): boolean {
  if (rule.assigner === undefined && rule.typeCode === undefined) return false;
  const byAssigner = rule.assigner === undefined || rule.assigner === namespace || rule.assigner === universalId;
  return byAssigner && (rule.typeCode === undefined || rule.typeCode === typeCode);
}
