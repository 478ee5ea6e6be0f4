import type { UnitRole } from './party.ts';
import type { FactName } from './routing-facts.ts';

/** The facts of a decision as people read them. */
const NAMES: Readonly<Record<FactName, string>> = {
  need: 'behov',
  identity: 'slag av nummer',
  identityCertainty: 'identitetens säkerhet',
  birthDate: 'födelsedatum',
  protection: 'skydd',
  address: 'adress',
  stayingIn: 'vistelsekommun',
  housing: 'boendeform',
  placedBy: 'placerande kommun',
  listing: 'listning',
  contacts: 'pågående kontakt',
  rehab: 'rehabilitering',
  careType: 'vårdform',
  lss: 'LSS',
  caseOwner: 'har ärendet',
  homeCare: 'hemtjänst',
  added: 'tillagd',
  returned: 'återsänt av',
  released: 'vald av operatören',
};

/** Who has a need, in the roles of the rulebook, as people read them. */
const ROLES: Readonly<Record<UnitRole, string>> = {
  municipality: 'kommun eller nämnd',
  placing: 'placerande kommun',
  clinic: 'öppen vård',
  contact: 'pågående kontakt',
  rehab: 'rehabilitering',
};

/** A role in Swedish. @param role as the decision names it; another name stands as it is */
export function roleText(role: string): string {
  return Object.hasOwn(ROLES, role) ? ROLES[role as UnitRole] : role;
}

/**
 * A fact of a decision in Swedish, without its source: a value of several parts is these in their order.
 * @param fact as the decision names it; another name stands as it is
 */
export function factText(fact: string, value: unknown): string {
  return `${Object.hasOwn(NAMES, fact) ? NAMES[fact as FactName] : fact}: ${valueText(value)}`;
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'ja' : 'nej';
  if (Array.isArray(value)) return value.length === 0 ? 'inget' : value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(valueText).join(', ');
  return String(value);
}
