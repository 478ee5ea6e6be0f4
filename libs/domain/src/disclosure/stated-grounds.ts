import type { Scope } from '../codes/scope.ts';
import { GROUNDS, type Ground } from '../codes/elements-and-grounds.ts';
import type { PartyId } from '../parties/party.ts';
import { speaksOf, type FactInForce } from '../stay/facts.ts';
import type { Instant } from '../time/time.ts';

/** Who stated a ground, and when it holds from: what a delivery rests on, for its trace. */
export interface StatedBasis {
  /** The event that stated it. */
  readonly statedBy: string;
  readonly at: Instant;
  /** Id of who judged, never a name; absent when the ward has not said. */
  readonly judgedBy?: string;
}

/** What a ward has stated of grounds towards one recipient, as it stands. */
export interface StatedGrounds {
  /** `no`: the person has refused, which is another thing than never having been asked (DEC-06). */
  readonly consent: 'yes' | 'no' | 'unstated';
  readonly bases: ReadonlyMap<Ground, StatedBasis>;
}

/**
 * Reads CONSENT and BASIS of a stay as they stand towards one recipient (rules 12.3).
 *
 * A consent has scopes, perhaps recipients, and a time from which it holds; of each scope the latest one that speaks of this
 * recipient counts. So a later `N` withdraws, for those whom it names or for all, and touches no other ground. Consent in one
 * of the scopes that the content speaks of is enough; a refusal in one, without any consent, is a refusal.
 *
 * @param disclosures facts in force, oldest first
 * @param scopes of the recipient's need that the content speaks of
 */
export function statedGrounds(
  disclosures: readonly FactInForce[],
  scopes: readonly Scope[],
  recipient: PartyId,
): StatedGrounds {
  const bases = new Map<Ground, StatedBasis>();
  const consents = consentsTo(disclosures, scopes, recipient);
  const consent = answerIn(consents);
  const given = consents.find(isGiven);
  if (given) bases.set('CONSENT', basisOf(given));
  for (const fact of scopes.flatMap((scope) => disclosures.findLast((one) => isOf(one, 'BASIS', scope)) ?? [])) {
    for (const ground of GROUNDS) {
      // A basis of consent that was stated before a refusal has been taken back by it.
      if (!fact.values.includes(ground) || (ground === 'CONSENT' && consent === 'no')) continue;
      if (!bases.has(ground)) bases.set(ground, basisOf(fact));
    }
  }
  return { consent, bases };
}

/** What of {@link statedGrounds} is the consent. */
export function consentTo(
  disclosures: readonly FactInForce[],
  scopes: readonly Scope[],
  recipient: PartyId,
): StatedGrounds['consent'] {
  return answerIn(consentsTo(disclosures, scopes, recipient));
}

function consentsTo(disclosures: readonly FactInForce[], scopes: readonly Scope[], recipient: PartyId): FactInForce[] {
  return scopes.flatMap(
    (scope) => disclosures.findLast((fact) => isOf(fact, 'CONSENT', scope) && names(fact, recipient)) ?? [],
  );
}

function isOf(fact: FactInForce, code: 'CONSENT' | 'BASIS', scope: Scope): boolean {
  return fact.code === code && speaksOf(fact, scope);
}

const isGiven = ({ values }: FactInForce): boolean => values.includes('Y');

function answerIn(consents: readonly FactInForce[]): StatedGrounds['consent'] {
  if (consents.some(isGiven)) return 'yes';
  return consents.some(({ values }) => values.includes('N')) ? 'no' : 'unstated';
}

/** A consent that names no recipient is of all. */
function names({ values }: FactInForce, recipient: PartyId): boolean {
  return values.every((value) => value === 'Y' || value === 'N') || values.includes(recipient);
}

function basisOf({ statedBy, at, judgedBy }: FactInForce): StatedBasis {
  return { statedBy, at, ...(judgedBy !== undefined && { judgedBy }) };
}
