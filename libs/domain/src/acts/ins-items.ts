import type { IdentityType } from '../events/statements.ts';
import { localDate } from '../time/local-time.ts';
import type { Parameters } from '../rules/parameters.ts';
import type { Stay } from '../stay/stay.ts';

/** The four items that LUS 2:2 requires of an INS. */
export type InsItem = 'name' | 'personal-number' | 'address' | 'expected-discharge';

/** Numbers of people who are not, or not yet, registered: they have no personal number and no registered address (DEC-35). */
const NOT_REGISTERED: ReadonlySet<IdentityType> = new Set<IdentityType>([
  'samordningsnummer',
  'nationelltReservnummer',
  'LMA-nummer',
  'reservnummer-stockholm',
  'reservnummer-region',
]);

/**
 * The items of LUS 2:2 that a stay lacks (INS-05), with the exemptions of rules 12.4 and DEC-35: address for protected
 * persons; personal number and address for co-ordination, reserve and LMA numbers and for newborns.
 */
export function missingItems(stay: Stay, parameters: Parameters): InsItem[] {
  const missing: InsItem[] = [];
  const { patient } = stay;
  const type = patient.identities[0]?.type;
  const exempt = (type !== undefined && NOT_REGISTERED.has(type)) || isNewborn(stay, parameters);
  if (!patient.name || (!patient.name.family && patient.name.given.length === 0)) missing.push('name');
  if (!exempt && type !== 'personnummer') missing.push('personal-number');
  if (!exempt && !patient.address && !stay.protection) missing.push('address');
  if (!stay.expectedDischarge) missing.push('expected-discharge');
  return missing;
}

/** A child admitted within its first weeks; a birth date of which the day is not known says nothing. */
function isNewborn({ patient, admittedAt }: Stay, { newbornDays }: Parameters): boolean {
  const { birthDate } = patient;
  if (!birthDate || birthDate.length !== 10 || admittedAt === undefined) return false;
  const days = (Date.parse(localDate(admittedAt)) - Date.parse(birthDate)) / 86_400_000;
  return days >= 0 && days < newbornDays;
}
