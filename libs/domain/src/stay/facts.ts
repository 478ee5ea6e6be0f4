import type { Fact, FactCode } from '../events/fact.ts';
import type { Scope } from '../codes/scope.ts';
import type { JoinedFrom } from '../events/stay-event.ts';
import type { Instant } from '../time/time.ts';

/** A fact that holds, and the event that stated it as it is. */
export interface FactInForce extends Fact {
  readonly statedBy: string;
  /** When the message was taken in that states it so. */
  readonly takenIn: Instant;
  /** The stay of which it was said, where that was joined to this one. */
  readonly joined?: JoinedFrom;
}

/** A correction that corrects nothing: no fact has its code, scopes and time, though one of another scope does (DEC-19). */
export interface LostCorrection {
  readonly eventId: string;
  readonly code: FactCode;
}

/** The facts of one code, oldest first. */
export function ofCode(facts: readonly FactInForce[], code: FactCode): FactInForce[] {
  return facts.filter((fact) => fact.code === code);
}

/** True when a fact speaks of a scope; one without scope speaks of all. */
export function speaksOf(fact: Fact, scope: Scope): boolean {
  return fact.scopes.length === 0 || fact.scopes.includes(scope);
}

/** The first fact of the run that still holds: saying the same again is no new act. */
export function runStart(
  facts: readonly FactInForce[],
  holds: (fact: FactInForce) => boolean,
): FactInForce | undefined {
  return facts[facts.findLastIndex((fact) => !holds(fact)) + 1];
}

/** Scopes as a part of a key; empty = all. */
export function scopeKey(scopes: readonly Scope[]): string {
  return [...scopes].sort().join('+');
}

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
