import type { Kept } from '../routing/addressees.ts';
import type { RoutingDecision } from '../routing/decision.ts';
import type { Units } from '../routing/units.ts';
import { isReal, type Stay } from '../stay/stay.ts';

/** Whom a stay concerns: the units of its own need, and those who are told on because of a stay before it. */
export interface Concerned {
  readonly units: Units;
  readonly kept: readonly Kept[];
}

/** Whom a stay concerns by two directories: ids of parties, and `?<role>` for a need that waits for a person. */
export interface Rerouting {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * True of a stay whose recipients another directory may change: it goes on, and somebody is to be told of it. Of one that has
 * ended it was decided at the discharge (DEC-17).
 */
export function mayBeRerouted({ stay, units, kept }: Concerned & { readonly stay: Stay }): boolean {
  return isReal(stay) && stay.state === 'admitted' && (units.decision !== undefined || kept.length > 0);
}

/** What another decision would change; undefined when it would tell the same of the same need, and the same would wait. */
export function reroutingOf(now: Concerned, then: Concerned): Rerouting | undefined {
  const same = toldIn(now.units) === toldIn(then.units) && idsOf(now.kept) === idsOf(then.kept);
  return same ? undefined : { before: concernedIn(now), after: concernedIn(then) };
}

/** True when the same are told of the same need, and the same waits: then nothing has changed for anybody. */
export function sameRecipients(a: RoutingDecision, b: RoutingDecision): boolean {
  return a === b || told(a) === told(b);
}

function idsOf(kept: readonly Kept[]): string {
  return kept.map(({ party }) => party.id).join();
}

function concernedIn({ units, kept }: Concerned): string[] {
  const ids = [...units.resolved, ...kept].map(({ party }) => party.id);
  return [...new Set([...ids, ...units.unresolved.map(({ role }) => `?${role}`)])].sort();
}

function toldIn({ decision }: Units): string {
  return decision ? told(decision) : '';
}

function told({ recipients, byHand, added }: RoutingDecision): string {
  return JSON.stringify([
    recipients.map(({ party, roles, scopes }) => [party.id, roles, scopes]),
    byHand.map(({ role, scopes }) => [role, scopes]),
    added.map(({ party, by }) => [party.id, by]),
  ]);
}
