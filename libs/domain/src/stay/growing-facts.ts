import { type Fact, type FactCode } from '../events/fact.ts';
import { NEED_SCOPES } from '../codes/scope.ts';
import { byWord } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { compareFirstWords, FactChain, isStatement, wordsOf, type Word } from './fact-chain.ts';
import { FactRuns, FactsInOrder, type PlacedFact, type StatedRuns } from './facts-in-order.ts';
import { scopeKey, type FactInForce, type LostCorrection } from './facts.ts';

/** The codes of the facts that are read together. Of NEED runs alone are read. */
const GROUPS = {
  orders: ['INS'],
  disclosures: ['CONSENT', 'BASIS'],
  concerns: ['CONTACT', 'REHAB', 'HOUSING', 'PLACEDBY', 'LSS', 'CARETYPE', 'HOMECARE'],
  recorded: ['READY', 'REFERRAL', 'OPTAPPLIED', 'OPTDECISION', 'OPPOSED', 'PATINFO', 'CHECK'],
  care: ['COMPULSORY'],
  infos: ['INFO'],
} as const satisfies Readonly<Record<string, readonly FactCode[]>>;
export type FactGroup = keyof typeof GROUPS;

/** The facts that hold. */
export interface Facts {
  readonly needs: StatedRuns;
  /** All others, oldest first; of one time in the order of their events' words. */
  readonly of: Readonly<Record<FactGroup, readonly FactInForce[]>>;
  readonly lost: readonly LostCorrection[];
}

/**
 * The facts of a stay that hold (contract 5; DEC-19).
 *
 * Code, scopes and OBX-14 as written name a fact; without OBX-14 its instant does. A correction finds its fact by that name
 * wherever either stands in the order of time; one without a time of its own means the latest fact of its code and scopes
 * that had been said. The latest correction holds (`C` puts its value in place, `D` takes the fact away) unless the fact was
 * stated once more by a message that was both sent and taken in after it. A repetition changes nothing: the fact keeps the
 * time and the event of its first statement, so that saying a thing again is no new act.
 *
 * All statements are read before all corrections, each in the order of word. Facts that grow go on from where they are: only what
 * the new message says is read, whether or not it is the latest word.
 */
export class GrowingFacts {
  readonly #chains = new Map<string, FactChain>();
  /** What each chain comes to, where it stands. */
  readonly #placed = new Map<FactChain, PlacedFact<Word>>();
  readonly #needs = new FactRuns(comparePlaced, NEED_SCOPES);
  readonly #groups = new Map(Object.keys(GROUPS).map((name) => [name as FactGroup, new FactsInOrder(comparePlaced)]));
  readonly #lost: LostCorrection[] = [];
  /** Some correction found no statement of its fact: a fact that is named for the first time may be what it meant. */
  #unresolved = false;
  /** Some correction was read as one of the other of two joined stays: which one that is goes by the order of all words. */
  #meantOther = false;
  /** The latest times of a correction without a time of its own: what was said by then may be what it meant. */
  #untimed = { sentAt: -Infinity, intakeStamp: -Infinity };
  #facts: Facts | undefined;

  constructor(events: readonly StayEvent[]) {
    this.#read(byWord(events).flatMap(wordsOf));
  }

  /**
   * Takes one more event when no correction before it would be read otherwise by it, and none of its own meets anything that it
   * would not have met in its place by word.
   * @returns false when it is not so: these facts are of no use any more
   */
  goOn(event: StayEvent, isLastWord: boolean): boolean {
    const words = wordsOf(event);
    if (!this.#leadsTo(event, words, isLastWord)) return false;
    this.#read(words);
    return true;
  }

  #leadsTo(event: StayEvent, words: readonly Word[], isLastWord: boolean): boolean {
    const statements = words.filter(({ fact }) => isStatement(fact));
    const { sentAt, intakeStamp } = this.#untimed;
    if (statements.length > 0 && (event.sentAt <= sentAt || event.intakeStamp <= intakeStamp)) return false;
    if (this.#unresolved && !statements.every((word) => this.#isStated(nameOf(word)))) return false;
    if (isLastWord) return true;
    const corrections = words.filter(({ fact }) => !isStatement(fact));
    return (
      !this.#meantOther && corrections.every((word) => word.fact.stated !== undefined && this.#isStated(nameOf(word)))
    );
  }

  #isStated(name: string): boolean {
    const first = this.#chains.get(name)?.first;
    return first !== undefined && isStatement(first.fact);
  }

  #read(words: readonly Word[]): void {
    for (const word of words) if (isStatement(word.fact)) this.#state(word);
    for (const word of words) if (!isStatement(word.fact)) this.#correct(word);
  }

  /** The same object as long as what holds is the same. */
  facts(): Facts {
    return (this.#facts ??= { needs: this.#needs, of: this.#lists(), lost: [...this.#lost] });
  }

  #lists(): Facts['of'] {
    const lists = [...this.#groups].map(([name, facts]) => [name, facts.list()] as const);
    return Object.fromEntries(lists) as Record<FactGroup, readonly FactInForce[]>;
  }

  #state(word: Word): void {
    const chain = this.#chain(nameOf(word));
    chain.state(word);
    this.#place(chain);
  }

  /** Puts what a chain comes to where it stands, if that is another by its latest word. */
  #place(chain: FactChain): void {
    const { first, value } = chain;
    const before = this.#placed.get(chain);
    if (before?.fact === value && (before === undefined || before.key === first)) return;
    this.#facts = undefined;
    if (before) {
      this.#homeOf(before.fact.code).drop(before);
      this.#placed.delete(chain);
    }
    if (value && first) {
      const placed = { fact: value, key: first };
      this.#homeOf(value.code).put(placed);
      this.#placed.set(chain, placed);
    }
  }

  #homeOf(code: FactCode): Pick<FactsInOrder<Word>, 'put' | 'drop'> {
    const group = GROUP_OF.get(code);
    return (group && this.#groups.get(group)) ?? this.#needs;
  }

  #correct(word: Word): void {
    const { fact, event } = word;
    const name = fact.stated === undefined ? latestLike(word, this.#chains) : this.#meant(word);
    if (fact.stated === undefined) {
      this.#untimed = {
        sentAt: Math.max(this.#untimed.sentAt, event.sentAt),
        intakeStamp: Math.max(this.#untimed.intakeStamp, event.intakeStamp),
      };
    }
    const chain = name === undefined ? undefined : this.#chains.get(name);
    if (chain) {
      chain.correct(word);
      this.#place(chain);
      return;
    }
    // A `C` of what never was stated states it; a `D` of it says nothing, unless its scope is what is wrong.
    this.#unresolved = true;
    if (meansAnotherScope(word, this.#chains)) {
      this.#lost.push({ eventId: event.eventId, code: fact.code });
      this.#facts = undefined;
    } else if (fact.status === 'C') this.#state(word);
  }

  /** The chain that a correction with a time of its own is of; of the other of two joined stays where its own has none. */
  #meant(word: Word): string | undefined {
    const own = nameOf(word);
    if (this.#chains.has(own)) return own;
    const ofOther = [...this.#chains.keys()].find((name) => ofEither(name) === factName(word.fact));
    // A statement of its own stay that comes later would be what it meant.
    if (ofOther !== undefined) this.#unresolved = this.#meantOther = true;
    return ofOther;
  }

  #chain(name: string): FactChain {
    const known = this.#chains.get(name);
    if (known) return known;
    const made = new FactChain();
    this.#chains.set(name, made);
    return made;
  }
}

const comparePlaced = ({ key: a }: PlacedFact<Word>, { key: b }: PlacedFact<Word>): number => compareFirstWords(a, b);

const GROUP_OF: ReadonlyMap<FactCode, FactGroup> = new Map(
  (Object.entries(GROUPS) as [FactGroup, readonly FactCode[]][]).flatMap(([name, codes]) =>
    codes.map((code) => [code, name] as const),
  ),
);

function factName({ code, scopes, stated, at }: Fact): string {
  return `${code}|${scopeKey(scopes)}|${stated ?? `@${at}`}`;
}

/**
 * The name of a word's chain. What two stays said while they were two is two facts, also where it was written with the same time:
 * the need of one is not taken for that of the other.
 */
function nameOf({ fact, event: { joined, intakeAt } }: Word): string {
  return joined && intakeAt <= joined.since ? `${factName(fact)}${JOINED}${joined.stay}` : factName(fact);
}

const JOINED = '\n';

/** The name of a fact, of whichever of two joined stays. */
function ofEither(name: string): string {
  return name.split(JOINED)[0] ?? name;
}

/** The latest fact of the correction's code and scopes that had been said by then. */
function latestLike({ fact, event }: Word, chains: ReadonlyMap<string, FactChain>): string | undefined {
  let latest: { name: string; at: number } | undefined;
  for (const [name, chain] of chains) {
    const { first } = chain;
    if (first?.fact.code !== fact.code || scopeKey(first.fact.scopes) !== scopeKey(fact.scopes)) continue;
    if (!chain.wasSaidBy(event)) continue;
    if (!latest || first.fact.at >= latest.at) latest = { name, at: first.fact.at };
  }
  return latest?.name;
}

function meansAnotherScope({ fact }: Word, chains: ReadonlyMap<string, FactChain>): boolean {
  return [...chains.values()].some(({ first }) => {
    if (first?.fact.code !== fact.code || scopeKey(first.fact.scopes) === scopeKey(fact.scopes)) return false;
    return fact.stated === undefined || first.fact.stated === fact.stated;
  });
}
