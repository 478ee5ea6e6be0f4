import type { PatientStatement, PersonName, Stated } from '#libs/domain';
import { parseTimestamp, textOf, type Hl7Message, type Repetition } from '#libs/hl7v2';
import type { Agreement } from '#libs/platform';
import { readAddress } from './address.ts';
import type { Findings } from './findings.ts';
import { isHsaId } from './hsa-id.ts';
import { readIdentities } from './identities.ts';
import { placeOf, textAt, valueAt } from './places.ts';
import { readProtection } from './protection.ts';
import { readTime } from './times.ts';

/** What a message says of the patient (contract 5). `yearSent` is the year of MSH-7, for numbers of ten digits. */
export function readPatient(
  message: Hl7Message,
  agreement: Agreement,
  yearSent: number,
  findings: Findings,
): PatientStatement {
  const birthDate = readBirthDate(message, agreement, findings);
  const hints = { birthDate: birthDate?.replaceAll('-', ''), yearSent };
  const identities = readIdentities(message, agreement, hints, findings);
  const protection = readProtection(message, agreement);
  const name = readName(message, agreement);
  const deceased = readDeceased(message, agreement, findings);
  const address = readAddress(message, agreement, protection);
  const listedClinic = readListedClinic(message, agreement);
  return {
    identities,
    ...(name !== undefined && { name }),
    ...(birthDate !== undefined && { birthDate }),
    ...(deceased !== undefined && { deceased }),
    ...(address !== undefined && { address }),
    ...(listedClinic !== undefined && { listedClinic }),
    ...(protection !== undefined && { protection }),
  };
}

/** `YYYY[-MM[-DD]]`, as precise as it was written; the time of a birth is left out. */
function readBirthDate(message: Hl7Message, { fields }: Agreement, findings: Findings): Stated<string> {
  const value = valueAt(message, fields.birthDate);
  if (value.kind === 'absent') return undefined;
  if (value.kind === 'null') return null;
  const parsed = parseTimestamp(value.text);
  if (!parsed.ok) {
    findings.add('bad-timestamp', placeOf(fields.birthDate));
    return undefined;
  }
  const { year, month, day } = parsed.value;
  return [String(year), month, day]
    .filter((part) => part !== undefined)
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}

/** The legal name (XPN.7 `L`), else the first: family name without prefixes, given names as written. */
function readName(message: Hl7Message, { fields }: Agreement): Stated<PersonName> {
  const field = message.first(fields.name.segment)?.field(fields.name.field);
  if (field === undefined || field.isAbsent) return undefined;
  if (field.isNull) return null;
  const name = field.repetitions.find((repetition) => repetition.text(7) === 'L') ?? field.first;
  return nameOf(name);
}

function nameOf(name: Repetition): PersonName | undefined {
  const family = name.text(1);
  const given = [name.text(2), name.text(3)].filter((text) => text !== undefined);
  if (family === undefined && given.length === 0) return undefined;
  return { ...(family !== undefined && { family }), given };
}

/** PID-30 says it; a time of death (PID-29) says it too, unless PID-30 is `N`. Deleted (`""`) is: not dead. */
function readDeceased(message: Hl7Message, { fields }: Agreement, findings: Findings): boolean | undefined {
  const indicator = valueAt(message, fields.deceased);
  const time = valueAt(message, fields.deceasedAt);
  const at = readTime(time, placeOf(fields.deceasedAt), findings);
  const said = textOf(indicator)?.toUpperCase();
  if (said === 'Y' || said === 'N') return said === 'Y';
  if (at) return true;
  return indicator.kind === 'null' || time.kind === 'null' ? false : undefined;
}

/** The HSA-id of the clinic of listing; another kind of id leaves what was known. */
function readListedClinic(message: Hl7Message, { fields }: Agreement): Stated<string> {
  const value = valueAt(message, fields.listedClinic);
  if (value.kind === 'null') return null;
  const id = textAt(message, fields.listedClinic)?.trim();
  return isHsaId(id) ? id : undefined;
}
