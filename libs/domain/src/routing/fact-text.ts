import type { FactCode } from '../events/fact.ts';
import type { Stay } from '../stay/stay.ts';
import { type Instant, localIso } from '../time/time.ts';
import type { UnitRole } from '../parties/party.ts';
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

/** Facts of the decision, and the fact of the default dialect that states each. */
const STATED_BY_FACT: readonly (readonly [FactName, FactCode])[] = [
  ['housing', 'HOUSING'],
  ['placedBy', 'PLACEDBY'],
  ['lss', 'LSS'],
  ['careType', 'CARETYPE'],
  ['homeCare', 'HOMECARE'],
  ['contacts', 'CONTACT'],
  ['rehab', 'REHAB'],
];

/** Facts that others than the ward state; what they say of who is told is theirs (rules 12.5). */
export const STATED_BY_OTHERS: ReadonlySet<FactName> = new Set<FactName>(['caseOwner', 'added', 'released']);

/** Where each fact of a decision comes from, and since when it holds, in Swedish, for the trace. */
export function factSources({ need, concerns, protection }: Stay): Partial<Record<FactName, string>> {
  const sources: Partial<Record<FactName, string>> = {
    identity: WARD,
    identityCertainty: 'avdelningens meddelanden eller personregistret',
    birthDate: WARD,
    address: WARD,
    stayingIn: WARD,
    listing: WARD,
    caseOwner: 'uppgift från parten',
    added: 'uppgift från parten',
    returned: 'retur från parten',
    released: 'val av operatören',
    ...(protection && { protection: 'markering från avdelningen eller ett register' }),
  };
  const assessed = (need?.scopes ?? []).map(({ scope, assessedAt }) => `${scope} bedömt ${spoken(assessedAt)}`);
  if (assessed.length > 0) sources.need = `avdelningen: ${assessed.join(', ')}`;
  for (const [name, code] of STATED_BY_FACT) {
    const fact = concerns.findLast((one) => one.code === code);
    if (!fact) continue;
    const judge = fact.judgedBy === undefined ? '' : `, bedömt av ${fact.judgedBy}`;
    sources[name] = `avdelningen, gäller från ${spoken(fact.at)}${judge}`;
  }
  return sources;
}

const WARD = 'avdelningens meddelanden';

function spoken(instant: Instant): string {
  return localIso(instant).slice(0, 16).replace('T', ' ');
}
