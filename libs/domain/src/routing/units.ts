import type { NeedScope } from '../events/fact.ts';
import type { Stay } from '../stay/stay.ts';
import { decide, type Recipient, type RoutingDecision, type WaitingNeed } from './decision.ts';
import type { Directory } from './directory.ts';
import { factsOfStay, type StatedRouting } from './routing-facts.ts';

/**
 * A unit whose need it is; one party may be concerned in more than one role. Why its desk was chosen tells what care the person
 * has: that is the party's own to see (rules 12.5), and stands in no line of the trace.
 */
export type Unit = Recipient;

/** A need that no rule could give a recipient: it goes to a person, never to silence (RTE-09, rules 4.4). */
export type OpenUnit = WaitingNeed;

export interface Units {
  /** Whose need it is. Of a protected person too: what the ward owes them is judged by this, and nothing is told by it. */
  readonly resolved: readonly Unit[];
  /** What waits for a person; of a protected person all that nobody has released. */
  readonly unresolved: readonly OpenUnit[];
  /** Who may be told: `resolved`, and of a protected person those to whom a person has released it (RTE-41). */
  readonly tellable: readonly Unit[];
  /** All of the above with its reasons; absent where no need is asked about. */
  readonly decision?: RoutingDecision;
}

/**
 * The units concerned by a need of a stay (LUS 2:1; rules 12.2, 12.6).
 * @param need the scopes that are asked about: those the ward has sent an INS for
 * @param date local day by which the directory is read
 * @param stated what parties and the operator have decided of who is told
 */
export function unitsOf(
  stay: Stay,
  need: readonly NeedScope[],
  directory: Directory,
  date: string,
  stated: StatedRouting = {},
): Units {
  if (need.length === 0) return NOBODY;
  const { protection, ...open } = factsOfStay(stay, need, stated);
  const byRule = decide(open, directory, date);
  const decision = protection ? decide({ ...open, protection }, directory, date) : byRule;
  const resolved = byRule.recipients.map(withoutDeskLine);
  return {
    resolved,
    unresolved: decision.byHand,
    tellable: protection ? decision.recipients.map(withoutDeskLine) : resolved,
    decision,
  };
}

/** Nobody is concerned. */
export const NOBODY: Units = { resolved: [], unresolved: [], tellable: [] };

function withoutDeskLine(recipient: Recipient): Unit {
  return recipient.desk ? { ...recipient, trace: recipient.trace.slice(0, -1) } : recipient;
}
