import { recipientChange, type RecipientChange, type RoutingDecision } from '../routing/decision.ts';
import { explained } from '../routing/decision-text.ts';
import { factSources } from '../routing/fact-sources.ts';
import type { RoutingFacts } from '../routing/routing-facts.ts';
import type { Stay } from '../stay/stay.ts';
import type { Instant } from '../time/time.ts';
import { sameRecipients } from './rerouting.ts';
import type { Step } from './step.ts';

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

  /** Those that are kept so far. */
  all(): readonly MadeDecision[] {
    return [...this.#made];
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
  return JSON.stringify(explained(decision).rules);
}
