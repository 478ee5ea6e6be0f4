import type { FactCode } from '../events/fact.ts';
import { ofCode } from '../stay/facts.ts';
import type { Stay } from '../stay/stay.ts';
import { localIso } from '../time/local-time.ts';
import type { Instant } from '../time/time.ts';
import type { FactName } from './routing-facts.ts';

/** Facts of the decision that a fact of the default dialect states. */
const STATED_BY_FACT: Readonly<Partial<Record<FactName, FactCode>>> = {
  housing: 'HOUSING',
  placedBy: 'PLACEDBY',
  lss: 'LSS',
  careType: 'CARETYPE',
  homeCare: 'HOMECARE',
  contacts: 'CONTACT',
  rehab: 'REHAB',
};

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
  for (const [name, code] of Object.entries(STATED_BY_FACT) as [FactName, FactCode][]) {
    const fact = ofCode(concerns, code).at(-1);
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
