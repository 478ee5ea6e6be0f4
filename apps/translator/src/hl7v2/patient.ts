import type { Agreement } from '#libs/county';
import {
  localDate,
  type PatientStatement,
  type PersonName,
  type Protection,
  type Stated,
  type StatedTime,
  UNLISTED,
} from '#libs/domain';
import { type Hl7Message, parseTimestamp, type Repetition, textOf } from '#libs/hl7v2';
import { birthDateOf } from '#libs/platform';
import type { Findings } from '../findings.ts';
import { readAddress, readStayingIn } from './address.ts';
import { readIdentities } from './identities.ts';
import { placeOf, readUnit, statedOnly, textAt, valueAt, wholeText } from './places.ts';
import type { MessageTimes } from './times.ts';

/**
 * What a message says of the patient (contract 5). Neither a protected person's address nor that of a protected visit is
 * put on the event, whatever the sender wrote (RTE-43).
 */
export function readPatient(
  message: Hl7Message,
  agreement: Agreement,
  times: MessageTimes,
  findings: Findings,
): PatientStatement {
  const birth = readBirthDate(message, agreement);
  const hint = birth.date?.replaceAll('-', '');
  const today = localDate(times.sentAt);
  const identities = readIdentities(message, agreement, hint, today, findings);
  if (!birth.isReadable) tellBirthDate(identities, placeOf(agreement.fields.birthDate), findings);
  const deceasedAt = times.read(valueAt(message, agreement.fields.deceasedAt), placeOf(agreement.fields.deceasedAt));
  const protection = readPersonProtection(message, agreement, findings);
  const isProtected =
    protection.protection !== undefined || readVisitProtection(message, agreement, findings) !== undefined;
  return statedOnly<PatientStatement>({
    identities,
    name: readName(message, agreement, findings),
    birthDate: birth.date,
    deceased: readDeceased(message, agreement, deceasedAt, findings),
    deceasedAt,
    address: isProtected ? undefined : readAddress(message, agreement, today, findings),
    stayingIn: isProtected ? undefined : readStayingIn(message, agreement, today, findings),
    listedClinic: readListing(message, agreement, findings),
    protection: protection.protection,
    protectionDeleted: protection.protectionDeleted,
  });
}

/** The listed clinic, or the sender's own word that there is none: an empty field says nothing of that (RTE-09). */
function readListing(message: Hl7Message, agreement: Agreement, findings: Findings): Stated<string> {
  const { listedClinic } = agreement.fields;
  const written = textAt(message, listedClinic);
  if ((agreement.units.get(written ?? '') ?? written)?.toUpperCase() === UNLISTED) return UNLISTED;
  return readUnit(message, listedClinic, agreement, findings);
}

/** `YYYY[-MM[-DD]]`, as precise as it was written; the time of a birth is left out. */
function readBirthDate(
  message: Hl7Message,
  { fields }: Agreement,
): { readonly date: Stated<string>; readonly isReadable: boolean } {
  const value = valueAt(message, fields.birthDate);
  if (value.kind !== 'value') return { date: value.kind === 'null' ? null : undefined, isReadable: true };
  const parsed = parseTimestamp(value.text);
  if (!parsed.ok) return { date: undefined, isReadable: false };
  const { year, month, day } = parsed.value;
  const date = `${year}${twoDigits(month)}${twoDigits(day)}`;
  return { date, isReadable: true };
}

/** A part of a date behind its year; nothing of one that is not written. */
function twoDigits(part: number | undefined): string {
  return part === undefined ? '' : `-${String(part).padStart(2, '0')}`;
}

/** A birth date that cannot be read is missed only where no number tells the day as well (SAL-2, SAL-3). */
function tellBirthDate(identities: PatientStatement['identities'], place: string, findings: Findings): void {
  const [first] = identities;
  const told = first && ['personnummer', 'samordningsnummer'].includes(first.type) && birthDateOf(first.value);
  if (told) findings.note('bad-timestamp', place);
  else findings.unstated('bad-timestamp', place);
}

/** The legal name (XPN.7 `L`), else the first: family name, given names as written. */
function readName(message: Hl7Message, { fields }: Agreement, findings: Findings): Stated<PersonName> {
  const field = message.first(fields.name.segment)?.field(fields.name.field);
  if (field === undefined || field.isAbsent) return undefined;
  if (field.isNull) return null;
  const name = field.repetitions.find((repetition) => repetition.text(7)?.trim() === 'L') ?? field.first;
  return nameOf(name, placeOf(fields.name), findings);
}

function nameOf(name: Repetition, place: string, findings: Findings): PersonName | undefined {
  const text = (component: number) => wholeText(name, component, place, findings);
  const family = text(1);
  const given = [text(2), text(3)].filter((part) => part !== undefined);
  if (family === undefined && given.length === 0) return undefined;
  return { ...(family !== undefined && { family }), given };
}

/** PID-30 says it; a time of death (PID-29) says it too, unless PID-30 is `N`. Deleted (`""`) is: not dead. */
function readDeceased(
  message: Hl7Message,
  { fields, indicators }: Agreement,
  at: Stated<StatedTime>,
  findings: Findings,
): boolean | undefined {
  const indicator = valueAt(message, fields.deceased);
  const written = textOf(indicator)?.trim().toUpperCase();
  const said = indicators.get(written ?? '');
  if (said !== undefined) return said === 'Y';
  if (written) findings.unstated('bad-indicator', placeOf(fields.deceased));
  if (at) return true;
  return indicator.kind === 'null' || at === null ? false : undefined;
}

/** What a message says of the protection of the person. */
export interface PersonProtection {
  readonly protection?: Protection;
  readonly protectionDeleted?: true;
}

/** The strictest first (RTE-40): when a sender states several, the strictest is kept. */
export const STRICTEST_FIRST: readonly Protection[] = [
  'unknown',
  'fingeradePersonuppgifter',
  'skyddadFolkbokforing',
  'sekretessmarkering',
];

/** ARV-2, table 0206: `X` changes nothing. */
const NO_CHANGE = 'X';
const DELETE = 'D';

/**
 * Protection of the person (DEC-23): ARV-3 of any ARV. A code that the agreement does not list, or none, is a protection of
 * unknown kind and handled as the strictest: most codes that a sender makes up for itself mean one. A deletion, of ARV or of
 * PV2-22, lifts nothing; it is handed on for a person to confirm, unless the same message states a protection.
 */
function readPersonProtection(message: Hl7Message, agreement: Agreement, findings: Findings): PersonProtection {
  const { protectedPerson, protectedVisit } = agreement.fields;
  let deleted = valueAt(message, protectedVisit).kind === 'null';
  const stated: Protection[] = [];
  for (const restriction of message.all(protectedPerson.segment)) {
    // An ARV is there to restrict, with a code or without one; another segment says something only where the field does.
    const action = protectedPerson.segment === 'ARV' ? restriction.text(2)?.trim().toUpperCase() : NO_CHANGE;
    const field = restriction.field(protectedPerson.field);
    if (action === DELETE || field.isNull) deleted = true;
    else if (action !== NO_CHANGE || !field.isAbsent) {
      const repetitions = field.isAbsent ? [undefined] : field.repetitions;
      for (const code of repetitions) stated.push(kindOf(code, agreement, findings));
    }
  }
  const protection = STRICTEST_FIRST.find((kind) => stated.includes(kind));
  if (protection !== undefined) return { protection };
  return deleted ? { protectionDeleted: true } : {};
}

function kindOf(repetition: Repetition | undefined, agreement: Agreement, findings: Findings): Protection {
  const { protectedPerson } = agreement.fields;
  const code =
    repetition
      ?.text(protectedPerson.component ?? 1)
      ?.trim()
      .toUpperCase() ?? '';
  const kind = agreement.protectionCodes.get(code);
  if (kind === undefined) findings.flag('unknown-protection', placeOf(protectedPerson));
  return kind ?? 'unknown';
}

/**
 * Protection of this visit alone: PV2-22 `Y` does not say of which kind (DEC-23). A value that is neither yes nor no is taken
 * as yes: whoever wrote it had something to say. Silence is not "unprotected".
 */
export function readVisitProtection(
  message: Hl7Message,
  { fields, indicators }: Agreement,
  findings: Findings,
): Protection | undefined {
  const written = textAt(message, fields.protectedVisit)?.toUpperCase();
  const said = indicators.get(written ?? '');
  if (!written || said === 'N') return undefined;
  if (said === undefined) findings.flag('bad-indicator', placeOf(fields.protectedVisit));
  return 'unknown';
}
