import type { NeedScope } from '../events/fact.ts';
import type { Stay } from '../stay/stay.ts';
import { findingsOf, together } from './decision.ts';
import type { Directory } from './directory.ts';
import { municipalitiesOf } from './municipal-recipients.ts';
import type { Party } from './party.ts';
import { RoutingCase, type UnitRole } from './routing-case.ts';
import { factsOfStay } from './routing-facts.ts';
import type { TraceLine } from './routing-rules.ts';

/** A unit whose need it is. One party may be concerned in more than one role. */
export interface Unit {
  readonly party: Party;
  readonly roles: readonly UnitRole[];
  /** This unit's own need, and nobody else's. */
  readonly scopes: readonly NeedScope[];
  readonly trace: readonly TraceLine[];
}

/** A need that no rule could give a recipient: it goes to a person, never to silence (RTE-09, rules 4.4). */
export interface OpenUnit {
  readonly role: UnitRole;
  readonly scopes: readonly NeedScope[];
  readonly trace: readonly TraceLine[];
}

export interface Units {
  readonly resolved: readonly Unit[];
  readonly unresolved: readonly OpenUnit[];
}

/**
 * The units concerned by a need of a stay (LUS 2:1; rules 12.2, 12.6). A protected person's are computed all the same: who may
 * be told is decided where it is told.
 * @param need the scopes that are asked about: those the ward has sent an INS for
 * @param date local day by which the directory is read
 */
export function unitsOf(stay: Stay, need: readonly NeedScope[], directory: Directory, date: string): Units {
  if (need.length === 0) return NOBODY;
  const facts = factsOfStay(stay, need);
  const found = findingsOf(new RoutingCase(facts, directory, date), municipalitiesOf(facts));
  return { resolved: together(found), unresolved: found.filter(({ party }) => party === undefined) };
}

const NOBODY: Units = { resolved: [], unresolved: [] };
