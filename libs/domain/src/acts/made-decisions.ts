import type { Kept, Units } from '../routing/addressees.ts';
import { appliedRules } from '../routing/decision-text.ts';
import { recipientChange, type RecipientChange, type RoutingDecision } from '../routing/decision.ts';
import { factSources } from '../routing/fact-text.ts';
import type { RoutingFacts } from '../routing/routing-facts.ts';
import { isReal, type Stay } from '../stay/stay.ts';
import type { Instant } from '../time/time.ts';
import type { Step } from './ward-record.ts';

/** A decision on who is told that changed something, or by which something was told or ended. */
export interface MadeDecision extends RecipientChange {
  /** Stable within the stay: the event; and the instant, when another stay made it necessary. */
  readonly key: string;
  readonly statedBy: string;
  readonly at: Instant;
  readonly decision: RoutingDecision;
  /** Where its facts came from, as it stood then. */
  readonly sources: NonNullable<RoutingFacts['sources']>;
}

/**
 * The decisions of a stay that are worth keeping, in their order. Each message has one made, and nearly all are the one before:
 *
 *   another is told, or waits for a person               kept ({@link noteChange})
 *   something is told or ended by it, and its facts,
 *   rows or directory are others than of the one before  kept ({@link keep}): a notice is explained by what it was sent by
 *   else                                                 forgotten
 */
export class MadeDecisions {
  readonly #made: MadeDecision[] = [];
  #answered: readonly MadeDecision[] | undefined;

  /** Those that are kept so far; the same array as long as there is no other. */
  all(): readonly MadeDecision[] {
    return (this.#answered ??= [...this.#made]);
  }

  /** Keeps a decision that somebody is told by. @returns the key under which it, or the same one before it, is kept */
  keep(decision: RoutingDecision, stay: Stay, step: Step): string {
    const last = this.#made.at(-1);
    return last && isSameDecision(last.decision, decision) ? last.key : this.#put(decision, stay, step);
  }

  /** Keeps a decision by which others are told, or wait, than by the one before. */
  noteChange(decision: RoutingDecision, stay: Stay, step: Step): void {
    const last = this.#made.at(-1);
    if (!last || !sameRecipients(last.decision, decision)) this.#put(decision, stay, step);
  }

  #put(decision: RoutingDecision, stay: Stay, { event: { eventId, intakeAt: at }, elsewhere }: Step): string {
    const key = elsewhere ? `${eventId}@${at}` : eventId;
    const change = recipientChange(this.#made.at(-1)?.decision, decision);
    this.#answered = undefined;
    this.#made.push({ key, statedBy: eventId, at, decision, sources: factSources(stay), ...change });
    return key;
  }
}

/** True when two decisions of a stay tell the same to the same, by the same facts, directory and rows of the rules. */
export function isSameDecision(a: RoutingDecision, b: RoutingDecision): boolean {
  if (a === b) return true;
  return (
    a.directoryVersion === b.directoryVersion &&
    sameRecipients(a, b) &&
    JSON.stringify(a.facts) === JSON.stringify(b.facts) &&
    (a.date === b.date || rowsOf(a) === rowsOf(b))
  );
}

/** The rows of the rules that were applied: another day may have others. */
function rowsOf(decision: RoutingDecision): string {
  return JSON.stringify(appliedRules(decision));
}

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
function sameRecipients(a: RoutingDecision, b: RoutingDecision): boolean {
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
