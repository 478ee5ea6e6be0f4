import type { Identity, IdentityType } from '#libs/domain';
import { FHIR_BASE, IDENTIFIER_SYSTEM } from '#libs/fhir';
import type { Hl7Message, Repetition } from '#libs/hl7v2';
import type { Agreement, FaultName } from '#libs/platform';
import type { Findings } from './findings.ts';
import { claimOf, isOid, type Assigner } from './identity-claim.ts';
import { birthDateOf, namesADay, readPersonalNumber, shapeOf, type BirthHints } from './personal-number.ts';
import { placeOf } from './places.ts';
import { hasStockholmCheckDigit, hasStockholmForm, isLmaNumber, nationalReserveNumber } from './reserve-number.ts';

/** Which identity the notices carry (standards 2): the first of these types that a message has. */
const PREFERENCE: readonly IdentityType[] = [
  'personnummer',
  'samordningsnummer',
  'nationelltReservnummer',
  'reservnummer-stockholm',
  'LMA-nummer',
  'other',
];

/** One identifier, or why it cannot be one; `unsure` becomes a fault only when no other identity settles who it is. */
type Reading = Identity | { readonly fault: FaultName; readonly unsure: boolean };

/**
 * All identities of the patient, the preferred first: PID-3 (or where the agreement says), then PID-2 and PID-19. A
 * wrong check digit, a form that does not fit its type, a century that cannot be known and two personal numbers that
 * differ are faults; so is having none.
 */
export function readIdentities(
  message: Hl7Message,
  agreement: Agreement,
  hints: BirthHints,
  findings: Findings,
): Identity[] {
  const identities = new Map<string, Identity>();
  const unsure: [FaultName, string][] = [];
  const before = findings.faults.length;
  for (const { cx, place } of identifiersOf(message, agreement)) {
    const reading = readIdentifier(cx, agreement, hints);
    if (reading === undefined) continue;
    if (!('fault' in reading)) identities.set(`${reading.system}|${reading.value}`, reading);
    else if (reading.unsure) unsure.push([reading.fault, place]);
    else findings.add(reading.fault, place);
  }
  const sorted = [...identities.values()].sort((a, b) => PREFERENCE.indexOf(a.type) - PREFERENCE.indexOf(b.type));
  const place = placeOf(agreement.fields.identities);
  if (sorted.every(({ type }) => type === 'other')) for (const [name, where] of unsure) findings.add(name, where);
  if (contradicts(sorted)) findings.add('bad-identity', place);
  if (sorted.length === 0 && findings.faults.length === before) findings.add('no-patient-identity', place);
  return sorted;
}

function* identifiersOf(message: Hl7Message, agreement: Agreement): Generator<{ cx: Repetition; place: string }> {
  const listed = agreement.fields.identities;
  const places = [
    { segment: listed.segment, field: listed.field },
    ...[2, 19].map((field) => ({ segment: 'PID', field })),
  ];
  for (const path of places) {
    const place = placeOf(path);
    for (const cx of message.first(path.segment)?.field(path.field).repetitions ?? []) yield { cx, place };
  }
}

function readIdentifier(cx: Repetition, agreement: Agreement, hints: BirthHints): Reading | undefined {
  const text = cx.text(1)?.trim();
  if (text === undefined || text === '') return undefined;
  const assigner = { namespace: cx.text(4), universalId: cx.text(4, 2), typeCode: cx.text(5) };
  const { certainty, type } = claimOf(assigner, agreement.identityTypes);
  const local = identity('other', text, systemOf(assigner, agreement.id));
  switch (certainty) {
    case 'named':
      return swedish(text, type, hints);
    case 'perhaps':
      return looksSwedish(text) ? swedish(text, type, hints) : local;
    case 'formed':
    case 'untyped':
      return byForm(text, certainty, hints) ?? local;
    case 'foreign':
      return local;
  }
}

/** A number that its sender calls Swedish: form and check digit must be right; where two forms differ, form decides. */
function swedish(text: string, type: IdentityType, hints: BirthHints): Reading {
  if (type === 'LMA-nummer') return isLmaNumber(text) ? identity(type, text) : wrong('bad-identity');
  const national = nationalReserveNumber(text);
  if (national !== undefined) return identity('nationelltReservnummer', national);
  const digits = text.replace('-', '');
  if (hasStockholmForm(digits)) {
    return hasStockholmCheckDigit(digits) ? identity('reservnummer-stockholm', digits) : wrong('wrong-check-digit');
  }
  const shape = shapeOf(text);
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

/** Two different personal numbers in one message are two persons, or one of them is wrong. */
function contradicts(identities: readonly Identity[]): boolean {
  return identities.filter(({ type }) => type === 'personnummer').length > 1;
}

function identity(type: IdentityType, value: string, system?: string): Identity {
  return { type, system: system ?? systemOfType(type), value };
}

function systemOfType(type: IdentityType): string {
  if (type === 'other') throw new Error('a local identity has the system of its assigner');
  return IDENTIFIER_SYSTEM[type];
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
