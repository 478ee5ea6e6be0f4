import {
  appliedRules,
  factSources,
  isSameDecision,
  statedFacts,
  STATED_BY_OTHERS,
  type FactName,
  type History,
  type Instant,
  type MadeDecision,
  type RoutingDecision,
  type Stay,
} from '#libs/domain';
import { OPERATOR_VIEW, SENDER_VIEW, type DecisionLines, type EarlierDecision } from '#libs/fhir';

/**
 * So many lines of a kind a stay's record has, the latest. Without a bound it would grow with each notice of the stay, until
 * the broker takes none that large and the views stand still (`docs/decisions/long-stays.md`). The operator's trace has all.
 */
export const MOST_LINES = 100;

/** So many earlier decisions, the latest: what a notice before those rested on is in the operator's trace. */
const MOST_EARLIER = 10;

/**
 * Who may see a line (rules 12.5). The sender sees what it stated itself and whom the hub chose; a recipient sees that
 * it was told, when and on which ground, but not why it was chosen, which rests on facts that were not addressed to it; what
 * another stay's ward stated is the operator's alone.
 */
export const OWN = [SENDER_VIEW, OPERATOR_VIEW];
export const ANOTHERS = [OPERATOR_VIEW];

/** Rules whose reasons tell what a party has said of who is told. */
const BY_ANOTHER_PARTY: ReadonlySet<string> = new Set(['RTE-23', '12.7']);

/**
 * The decisions in the record of a stay: the latest whole, and those before it that a notice names because it was told or taken
 * back by them. Of most stays all was told by the latest, and no notice names any.
 */
export class DecisionsInRecord {
  readonly #history: History;
  /** The latest decision where something was told or taken back by it, or others were told. */
  readonly #kept: MadeDecision | undefined;
  readonly #named = new Set<string>();

  constructor(history: History) {
    this.#history = history;
    const [last, latest] = [history.decisions.at(-1), history.units.decision];
    this.#kept = last && latest && isSameDecision(last.decision, latest) ? last : undefined;
  }

  /**
   * How a line names the decision that it rests on; undefined for the latest.
   * @param key of the decision; undefined of what a version before has told: the decision that was in force at its time
   * @param at when the hub took in what the line rests on
   */
  name(key: string | undefined, at: Instant): string | undefined {
    const name = key ?? this.#history.decisions.findLast((made) => made.at <= at)?.key;
    if (name === undefined || name === this.#kept?.key) return undefined;
    this.#named.add(name);
    return name;
  }

  latest(): DecisionLines | undefined {
    const { units, stay } = this.#history;
    return units.decision && decisionLines(units.decision, factSources(stay), stay, this.#kept?.at);
  }

  /** Those that were named, the latest of them: one that is not among them has been folded away. */
  earlier(): EarlierDecision[] {
    const { decisions, stay } = this.#history;
    const named = decisions.filter(({ key }) => this.#named.has(key)).slice(-MOST_EARLIER);
    return named.map(({ key, at, decision, sources }) => ({ key, ...decisionLines(decision, sources, stay, at) }));
  }
}

/** Why whom was chosen, and whom not: of the ward's own facts the ward's, of another party's the operator's (rules 12.5). */
function decisionLines(
  decision: RoutingDecision,
  sources: MadeDecision['sources'],
  stay: Stay,
  at: Instant | undefined,
): DecisionLines {
  const { directoryVersion: directory, date, notChosen, byHand } = decision;
  return {
    made: { directory, date, ...(at !== undefined && { at }) },
    facts: statedFacts(decision, sources).map(({ fact, value, source }) => ({
      ...{ fact, value: valueOf(fact, value, stay), source },
      seenBy: STATED_BY_OTHERS.has(fact) ? ANOTHERS : OWN,
    })),
    rules: appliedRules(decision),
    notChosen: notChosen.slice(-MOST_LINES).map(({ candidate, rule, text }) => ({
      ...{ candidate, rule, text },
      seenBy: BY_ANOTHER_PARTY.has(rule) ? ANOTHERS : OWN,
    })),
    waiting: byHand.map(({ role, trace }) => ({ role, text: trace.map(({ text }) => text).join(' '), seenBy: OWN })),
  };
}

/** The address of a protected person decides nothing, and is shown nowhere, nor is one from before the protection (RTE-43). */
function valueOf(fact: FactName, value: unknown, { protection }: Stay): string {
  if (fact === 'address' && protection) return 'skyddad';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
