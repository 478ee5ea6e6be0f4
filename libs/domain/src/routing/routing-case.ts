import type { NeedScope } from '../codes/scope.ts';
import { ageOnDay } from '../person/person.ts';
import type { Directory } from '../parties/directory.ts';
import type { Desk, Party, PartyId, TargetGroup, UnitRole } from '../parties/party.ts';
import type { RoutingFacts } from './routing-facts.ts';
import type { RoutingRuleId, TraceLine } from './routing-rules.ts';

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

/*
 * Which desk of a municipality or board takes a notice (rules 4.4): one desk, never all of them. The first row that holds
 * says the group; the party's own desks say who takes that group. What none takes goes to the desk that takes everything.
 *
 *   under 18                                            child
 *   a case that the party has said is open              that desk
 *   sent from addiction care, 18 or older               addiction; from 65 on two desks could be right
 *   sent from psychiatry, 18 to 64                      psychiatry; from 65 on two desks could be right
 *   measures under LSS                                  disability
 *   65 or older                                         elderly
 *   18 to 64                                            working-age
 *   age not known                                       unknown
 *
 * A desk chosen by the kind of care tells that kind to those who see it: it is shown to its own party, and never stands in
 * an admission notice (rules 12.4).
 */

/** What group a person belongs to, and why. */
interface Grouping {
  readonly group: TargetGroup;
  /** Two desks could be right, or nothing tells which: the owner is chosen by the directory, and the choice is flagged. */
  readonly unsure: boolean;
  readonly why: string;
}

const ADULT = 18;
const ELDERLY = 65;

/** The group of a person on a local date. */
function groupingOf(facts: RoutingFacts, date: string): Grouping {
  const age = ageOnDay(facts.birthDate, date);
  const { careType, housing, lss } = facts;
  if (age !== undefined && age < ADULT) return { group: 'child', unsure: false, why: `${age} år` };
  const elderly = age !== undefined && age >= ELDERLY;
  if (age === undefined) return { group: 'unknown', unsure: true, why: 'ålder okänd' };
  if (careType === 'BER' && elderly) return twoDesks('elderly-addiction', `${age} år, från beroendevård`);
  if (careType === 'BER') return { group: 'addiction', unsure: false, why: 'från beroendevård' };
  if (careType === 'PSY' && elderly) return twoDesks('elderly-psychiatry', `${age} år, från psykiatri`);
  if (careType === 'PSY') return { group: 'psychiatry', unsure: false, why: 'från psykiatri' };
  if (lss === true || housing === 'LSS') return { group: 'disability', unsure: false, why: 'insats enligt LSS' };
  if (elderly) return { group: 'elderly', unsure: false, why: `${age} år` };
  return { group: 'working-age', unsure: false, why: `${age} år` };
}

function twoDesks(group: TargetGroup, why: string): Grouping {
  return { group, unsure: true, why };
}

/** Where two desks could be right and the party has said nothing of it, the group whose desk is asked instead. */
const OTHERWISE: Readonly<Partial<Record<TargetGroup, TargetGroup>>> = {
  'elderly-addiction': 'addiction',
  'elderly-psychiatry': 'elderly',
  'working-age': 'disability',
};

/**
 * The one desk of a party that takes a group; undefined for a party that has no desks.
 * @param open the desk at which the party has said that a case is open
 */
export function deskFor(
  { desks = [] }: Pick<Party, 'desks'>,
  { group }: Pick<Grouping, 'group'>,
  open?: string,
): Desk | undefined {
  const stated = group === 'child' ? undefined : desks.find(({ id }) => id === open);
  const taking = (wanted: TargetGroup | undefined): Desk | undefined =>
    wanted === undefined ? undefined : desks.find(({ takes }) => takes.includes(wanted));
  return stated ?? taking(group) ?? taking(OTHERWISE[group]) ?? desks.find(({ isDefault }) => isDefault);
}
