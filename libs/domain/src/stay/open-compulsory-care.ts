import type { Scope } from '../events/fact.ts';
import { ofCode, runStart, speaksOf, type FactInForce } from './facts.ts';

/*
 * Open compulsory care (LPT 7 a §; LAW-74; DEC-11), as the ward states it: what care it is by COMPULSORY, and that it is
 * decided by OPTDECISION. A ward that writes forms or FHIR has no word for the first: its decision says both.
 */

/** True of a word that says that it is decided; `N` says that it is not, or no more. */
export function isDecided({ values }: Pick<FactInForce, 'values'>): boolean {
  return values[0] !== 'N';
}

/**
 * The word that began the decision that holds towards those who have one of these needs; undefined when none does.
 * @param facts in force, oldest first
 */
export function openCareDecision(facts: readonly FactInForce[], scopes: readonly Scope[]): FactInForce | undefined {
  const said = ofCode(facts, 'OPTDECISION').filter((fact) => scopes.some((scope) => speaksOf(fact, scope)));
  return runStart(said, isDecided);
}

const OPEN: ReadonlySet<string | undefined> = new Set(['OPT', 'ORV']);

/**
 * True of a stay that goes on in open compulsory care. After a decision only the word that the care is voluntary now (`N`)
 * says otherwise: that the patient is under LPT still says nothing against it.
 * @param facts in force, oldest first
 */
export function goesToOpenCare(facts: readonly FactInForce[]): boolean {
  const care = ofCode(facts, 'COMPULSORY').at(-1);
  if (OPEN.has(care?.values[0])) return true;
  const decided = runStart(ofCode(facts, 'OPTDECISION'), isDecided);
  return decided !== undefined && !(care?.values[0] === 'N' && care.at > decided.at);
}
