import type { NeedScope } from '../events/fact.ts';
import type { BoardOfAddress } from './address-register.ts';
import type { CareKind, DirectoryParty, PartyId } from './party.ts';
import type { RoutingFacts } from './routing-facts.ts';
import { groupingOf, type Grouping } from './target-group.ts';
import type { RoutingRuleId } from './routing-rules.ts';
import type { TraceLine } from './trace-line.ts';
import type { UnitRole } from './units.ts';

/** What a routing decision asks of the directory (`party-directory.ts`). */
export interface RoutingDirectory {
  readonly version: string;
  party(id: PartyId, date: string): DirectoryParty | undefined;
  municipality(code: string, date: string): DirectoryParty | undefined;
  boardOf(municipality: string, lines: readonly string[], date: string): BoardOfAddress;
  clinicOfArea(care: CareKind, area: PartyId, date: string): DirectoryParty | undefined;
}

/** One unit in one role, before those of one party are put together; without a party it waits for a person. */
export interface Finding {
  readonly role: UnitRole;
  readonly scopes: readonly NeedScope[];
  readonly party?: DirectoryParty;
  /** Another recipient could be right: it is told all the same, to this one alone, and flagged. */
  readonly unsure?: boolean;
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
  readonly directory: RoutingDirectory;
  /** Local day by which directory and rules are read. */
  readonly date: string;
  readonly passedOver: NotChosen[] = [];
  #grouping: Grouping | undefined;

  constructor(facts: RoutingFacts, directory: RoutingDirectory, date: string) {
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
