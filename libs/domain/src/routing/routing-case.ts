import type { NeedScope } from '../events/fact.ts';
import type { Directory } from './directory.ts';
import type { Party, PartyId, UnitRole } from './party.ts';
import type { RoutingFacts } from './routing-facts.ts';
import { groupingOf, type Grouping } from './target-group.ts';
import type { RoutingRuleId } from './routing-rules.ts';
import type { TraceLine } from './routing-rules.ts';

/** One unit in one role, before those of one party are put together; without a party it waits for a person. */
export interface Finding {
  readonly role: UnitRole;
  readonly scopes: readonly NeedScope[];
  readonly party?: Party;
  /** Another recipient could be right: it is told all the same, to this one alone, and flagged. */
  readonly unsure?: boolean;
  /** No rule found the party: a person chose it. */
  readonly released?: true;
  /** Parties that the person who decides is shown first. */
  readonly proposals?: readonly PartyId[];
  /** The municipality in whose queue it waits, where it is a divided one's. */
  readonly queue?: string;
  readonly trace: readonly TraceLine[];
}

/** A party, or a person, that could have been told and was not, and why. */
export interface NotChosen {
  readonly candidate: string;
  readonly rule: RoutingRuleId;
  readonly text: string;
}

/** One question of routing, and what is noted on the way to its answer. */
export class RoutingCase {
  readonly facts: RoutingFacts;
  readonly directory: Directory;
  /** Local day by which directory and rules are read. */
  readonly date: string;
  readonly passedOver: NotChosen[] = [];
  #grouping: Grouping | undefined;

  constructor(facts: RoutingFacts, directory: Directory, date: string) {
    this.facts = facts;
    this.directory = directory;
    this.date = date;
  }

  get grouping(): Grouping {
    this.#grouping ??= groupingOf(this.facts, this.date);
    return this.#grouping;
  }

  /** Notes a candidate that a rule leaves out. */
  notChosen(candidate: string, rule: RoutingRuleId, text: string): void {
    this.passedOver.push({ candidate, rule, text });
  }
}

/** A need that no rule gives a recipient: it waits for a person. */
export function waiting(
  role: UnitRole,
  scopes: readonly NeedScope[],
  rule: RoutingRuleId,
  text: string,
  more: Pick<Finding, 'proposals' | 'queue'> = {},
): Finding {
  return { role, scopes, trace: [{ rule, text }], ...more };
}
