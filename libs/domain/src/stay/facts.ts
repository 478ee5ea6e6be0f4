import type { Fact, FactCode, Scope } from '../events/fact.ts';
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
