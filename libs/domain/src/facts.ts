import type { Fact, FactCode, Scope, StayEvent } from './event.ts';
import type { Instant } from './time.ts';

/** A fact that holds, and the event that last stated it. */
export interface FactInForce extends Fact {
  readonly statedBy: string;
}

/**
 * The facts of a stay that hold, oldest first (contract 5).
 *
 * Same code, scopes and time = the same fact: a repetition changes nothing, `C` puts another value in its place,
 * `D` (was never true) takes it away. A correction without a time of its own means the latest fact of its code and scopes.
 */
export function factsInForce(ordered: readonly StayEvent[]): FactInForce[] {
  const known = new Map<string, FactInForce>();
  for (const event of ordered) {
    for (const fact of event.facts) {
      const target = fact.status === 'F' || fact.ownTime ? undefined : latestLike(fact, known);
      const key = target ?? identityOf(fact, fact.at);
      if (fact.status === 'D') {
        known.delete(key);
        continue;
      }
      const corrected = known.get(key);
      known.set(key, {
        ...fact,
        at: corrected?.at ?? fact.at,
        ownTime: corrected?.ownTime ?? fact.ownTime,
        statedBy: event.eventId,
      });
    }
  }
  // A map keeps the place of a corrected fact, and sort is stable: equal times stay in the order of the events.
  return [...known.values()].sort((a, b) => a.at - b.at);
}

function identityOf(fact: Fact, at: Instant): string {
  return `${fact.code}|${scopeKey(fact.scopes)}|${at}`;
}

/** Scopes as a part of a key; empty = all. */
export function scopeKey(scopes: readonly Scope[]): string {
  return [...scopes].sort().join('+');
}

function latestLike(fact: Fact, known: ReadonlyMap<string, FactInForce>): string | undefined {
  let latest: { key: string; at: Instant } | undefined;
  for (const [key, other] of known) {
    if (other.code !== fact.code || scopeKey(other.scopes) !== scopeKey(fact.scopes)) continue;
    if (!latest || other.at >= latest.at) latest = { key, at: other.at };
  }
  return latest?.key;
}

/** The facts of one code, oldest first. */
export function ofCode(facts: readonly FactInForce[], code: FactCode): FactInForce[] {
  return facts.filter((fact) => fact.code === code);
}

/** True when a fact speaks of a scope; one without scope speaks of all. */
export function speaksOf(fact: Fact, scope: Scope): boolean {
  return fact.scopes.length === 0 || fact.scopes.includes(scope);
}
