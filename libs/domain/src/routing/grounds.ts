import { ofCode, speaksOf, type FactInForce } from './facts.ts';
import type { LegalForm, Scope } from './event.ts';
import { GROUNDS, type Ground } from './notice.ts';

/** `refused` is lawful withholding; `not-stated` is a Task to the ward (DEC-06). */
export type GroundDecision = { readonly ground: Ground } | { readonly withheld: 'refused' | 'not-stated' };

/**
 * On which ground more than the lawful items may be told (LUS 3:1-2; domain.md 12.2, 12.3). CONSENT is named first, then
 * what follows from the legal forms, then what the ward has stated. A ground outside its row of 12.3 is no ground.
 * @param from legal form of the ward
 * @param to legal form of the recipient
 * @param scopes what of the recipient's need the content speaks of: consent in one of them is enough
 */
export function groundFor(
  from: LegalForm,
  to: LegalForm,
  scopes: readonly Scope[],
  disclosures: readonly FactInForce[],
): GroundDecision {
  const consents = scopes.map((scope) => latestConsent(disclosures, scope));
  if (consents.includes('Y')) return { ground: 'CONSENT' };
  const refused = consents.includes('N');
  if (holdsBetween('SAME_REGION', from, to)) return { ground: 'SAME_REGION' };
  const stated = scopes.flatMap((scope) => latestBasis(disclosures, scope));
  const ground = GROUNDS.find(
    (candidate) =>
      stated.includes(candidate) &&
      candidate !== 'LUS_2KAP' && // carries the lawful items of chapter 2 and nothing else
      !(candidate === 'CONSENT' && refused) &&
      holdsBetween(candidate, from, to),
  );
  return ground ? { ground } : { withheld: refused ? 'refused' : 'not-stated' };
}

function latestConsent(disclosures: readonly FactInForce[], scope: Scope): string | undefined {
  return ofCode(disclosures, 'CONSENT').findLast((fact) => speaksOf(fact, scope))?.values[0];
}

function latestBasis(disclosures: readonly FactInForce[], scope: Scope): readonly string[] {
  return ofCode(disclosures, 'BASIS').findLast((fact) => speaksOf(fact, scope))?.values ?? [];
}

/** The rows of domain.md 12.3. */
export function holdsBetween(ground: Ground, from: LegalForm, to: LegalForm): boolean {
  switch (ground) {
    case 'SAME_REGION':
      return from === 'region-authority' && to === 'region-authority';
    case 'CHILD_OR_ABUSE_OR_COMPULSORY':
      return isAuthority(from) && isAuthority(to);
    case 'CANNOT_CONSENT':
      return isAuthority(from);
    case 'LPT_7A':
      return isAuthority(to);
    case 'PRIVATE_PROVIDER':
      return from === 'private';
    case 'LUS_2KAP':
    case 'CONSENT':
    case 'MENPROVNING':
      return true;
  }
}

function isAuthority(form: LegalForm): boolean {
  return form !== 'private';
}
