import type { Stay } from './stay.ts';

/** The four items that LUS 2:2 requires of an INS. */
export type InsItem = 'name' | 'personal-number' | 'address' | 'expected-discharge';

/**
 * The items of LUS 2:2 that a stay lacks (INS-05), with the exemptions of domain.md 12.4: address for protected persons;
 * personal number and address for co-ordination, reserve and LMA numbers (newborns have such a number too).
 */
export function missingItems(stay: Stay): InsItem[] {
  const missing: InsItem[] = [];
  const { patient } = stay;
  const type = patient.identities[0]?.type;
  const withoutRegistration = type !== undefined && type !== 'personnummer' && type !== 'other';
  if (!patient.name || (!patient.name.family && patient.name.given.length === 0)) missing.push('name');
  if (type === undefined || type === 'other') missing.push('personal-number');
  if (!patient.address && !stay.protection && !withoutRegistration) missing.push('address');
  if (!stay.expectedDischarge) missing.push('expected-discharge');
  return missing;
}
