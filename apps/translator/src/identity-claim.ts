import type { IdentityType } from '#libs/domain';
import { identityTypeOf } from '#libs/fhir';
import type { IdentityRule } from '#libs/platform';

/** The parts of one CX that tell what kind of identity it is. */
export interface Assigner {
  /** CX.4.1, CX.4.2, CX.5 */
  readonly namespace: string | undefined;
  readonly universalId: string | undefined;
  readonly typeCode: string | undefined;
}

/**
 * How sure a sender's words are that an identifier is a Swedish personal identity (standards 2, 3.5: by type, never by
 * position).
 *   named    by its register, or by its type with no other register named: what does not fit is a fault
 *   perhaps  by its type, under an assigner that we do not know: what has no such form is a local number
 *   formed   by a type that local numbers have too (`MR`): only a right number is one
 *   untyped  nothing is said: a right number is one when its day is the birth date
 *   foreign  another register's number: never read as a Swedish one, whatever its form
 */
export type Certainty = 'named' | 'perhaps' | 'formed' | 'untyped' | 'foreign';

export interface Claim {
  readonly certainty: Certainty;
  readonly type: IdentityType;
}

/** What the assigner and the type of an identifier claim, by the agreement's rules (its own first, then the default's). */
export function claimOf(assigner: Assigner, rules: readonly IdentityRule[]): Claim {
  const { namespace, universalId } = assigner;
  const rule = rules.find((candidate) => applies(candidate, assigner));
  if (rule?.assigner !== undefined) return claim(rule, 'named');
  const register = [universalId, namespace].map((text) => identityTypeOf(text ?? '')).find((type) => type !== 'other');
  if (register !== undefined) return { certainty: 'named', type: register };
  if (universalId !== undefined || isOid(namespace)) return { certainty: 'foreign', type: 'other' };
  if (rule === undefined) return { certainty: 'untyped', type: 'other' };
  return claim(rule, namespace === undefined ? 'named' : 'perhaps');
}

/** True for an OID in dotted form: it names its register everywhere in the world. */
export function isOid(text: string | undefined): boolean {
  return text !== undefined && /^[0-2](?:\.\d+)+$/.test(text);
}

function claim(rule: IdentityRule, certainty: Certainty): Claim {
  if (rule.type === 'other') return { certainty: 'foreign', type: 'other' };
  return { certainty: rule.onlyIfFormed === true ? 'formed' : certainty, type: rule.type };
}

/** A rule names an assigner, a type code, or both; one with neither would match everything. */
function applies(rule: IdentityRule, { namespace, universalId, typeCode }: Assigner): boolean {
  if (rule.assigner === undefined && rule.typeCode === undefined) return false;
  const byAssigner = rule.assigner === undefined || rule.assigner === namespace || rule.assigner === universalId;
  return byAssigner && (rule.typeCode === undefined || rule.typeCode === typeCode);
}
