import type { Fact, FactCode, Scope } from '../events/fact.ts';
import { byWord, compareByWord, insertInOrder } from '../events/order.ts';
import type { JoinedFrom, StayEvent } from '../events/stay-event.ts';
import type { Instant } from '../time/time.ts';

/** A fact that holds, and the event that stated it as it is. */
export interface FactInForce extends Fact {
  readonly statedBy: string;
  /** When the message was taken in that states it so. */
  readonly takenIn: Instant;
  /** The stay of which it was said, where that was joined to this one. */
  readonly joined?: JoinedFrom;
}

/** A correction that corrects nothing: no fact has its code, scopes and time, though one of another scope does (DEC-19). */
export interface LostCorrection {
  readonly eventId: string;
  readonly code: FactCode;
}

export interface Facts {
  /** Oldest first; of one time in the order of their events' words. */
  readonly inForce: readonly FactInForce[];
  readonly lost: readonly LostCorrection[];
}

/** One message's word on one fact. */
interface Word {
  readonly fact: Fact;
  readonly event: StayEvent;
  /** Which of the event's words. */
  readonly nth: number;
  /** Its values as text. */
  readonly text: string;
}

/** In the order of reading: all statements, then what corrections alone say, each by word. */
function compareWords(a: Word, b: Word): number {
  const byKind = Number(isStatement(b.fact)) - Number(isStatement(a.fact));
  return byKind || compareByWord(a.event, b.event) || a.nth - b.nth;
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
  readonly #chains = new Map<string, Chain>();
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
   * True when these facts go on with the event: no correction before it would be read otherwise, and none of its own meets
   * anything that it would not have met in its place by word.
   */
  leadsTo(event: StayEvent, isLastWord: boolean): boolean {
    const words = wordsOf(event);
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

  /** Takes one more event, to which these facts lead. */
  take(event: StayEvent): void {
    this.#read(wordsOf(event));
  }

  #read(words: readonly Word[]): void {
    for (const word of words) if (isStatement(word.fact)) this.#state(word);
    for (const word of words) if (!isStatement(word.fact)) this.#correct(word);
  }

  /** The same object as long as what holds is the same. */
  facts(): Facts {
    this.#facts ??= { inForce: this.#inForce(), lost: [...this.#lost] };
    return this.#facts;
  }

  #inForce(): FactInForce[] {
    return [...this.#chains.values()].sort(compareChains).flatMap(({ value }) => value ?? []);
  }

  #state(word: Word): void {
    if (this.#chain(nameOf(word)).state(word)) this.#facts = undefined;
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
      if (chain.correct(word)) this.#facts = undefined;
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

  #chain(name: string): Chain {
    const known = this.#chains.get(name);
    if (known) return known;
    const made = new Chain();
    this.#chains.set(name, made);
    return made;
  }
}

function wordsOf(event: StayEvent): Word[] {
  return event.facts.map((fact, nth) => ({ fact, event, nth, text: textOf(fact) }));
}

function isStatement({ status }: Fact): boolean {
  return status === 'F';
}

/** All words on one fact, each kind by word, and what they come to. */
class Chain {
  /** In the order of reading: one that a correction made, of what had not been stated by then, comes after all others. */
  readonly #stated: Word[] = [];
  #correction: Word | undefined;
  /** The latest statement that was sent and taken in after the correction. */
  #again: Word | undefined;
  /** Values as text -> the word that first stated them. */
  readonly #firstSaying = new Map<string, Word>();
  #value: FactInForce | undefined;

  /** What the chain says in the end; undefined when the fact was never true. */
  get value(): FactInForce | undefined {
    return this.#value;
  }

  /** The first statement. */
  get first(): Word | undefined {
    return this.#stated[0];
  }

  /** True when some statement had been said when a correction was. */
  wasSaidBy(correction: StayEvent): boolean {
    return this.#stated.some((word) => wasSaidBy(word.event, correction));
  }

  /** @returns true when the chain says something else by it */
  state(word: Word): boolean {
    const before = this.#holds;
    const index = insertInOrder(this.#stated, word, compareWords);
    const first = this.#firstSaying.get(word.text);
    if (!first || compareWords(word, first) < 0) this.#firstSaying.set(word.text, word);
    if (this.#correction && isAfter(word.event, this.#correction.event)) {
      if (!this.#again || compareWords(this.#again, word) < 0) this.#again = word;
    }
    // One more of the same, as nearly all are: the run that it is the last of is as long as the stay.
    const isRepeated = this.#holds === word && before === this.#stated[index - 1] && before && isSameWord(before, word);
    return !isRepeated && this.#read();
  }

  /** @returns true when the chain says something else by it */
  correct(word: Word): boolean {
    if (this.#correction && compareWords(word, this.#correction) < 0) return false;
    this.#correction = word;
    this.#again = this.#statedAfter(word.event);
    return this.#read();
  }

  /** Statements are by word: none before the first that was not sent after the correction can have been. */
  #statedAfter(correction: StayEvent): Word | undefined {
    for (let index = this.#stated.length - 1; index >= 0; index--) {
      const word = this.#stated[index];
      if (!word || word.event.sentAt <= correction.sentAt) return undefined;
      if (isAfter(word.event, correction)) return word;
    }
    return undefined;
  }

  #read(): boolean {
    const before = this.#value;
    const now = this.#valueNow();
    if (before === now || (before && now && isSameFact(before, now))) return false;
    this.#value = now;
    return true;
  }

  get #holds(): Word | undefined {
    return this.#correction ? (this.#again ?? this.#correction) : this.#stated.at(-1);
  }

  #valueNow(): FactInForce | undefined {
    const { first } = this;
    const holds = this.#holds;
    if (!first || !holds || holds.fact.status === 'D') return undefined;
    const { at, stated: written } = first.fact;
    const { fact, event } = holds === this.#correction ? holds : this.#runStart(holds);
    const statedBy = (this.#firstSaying.get(holds.text) ?? holds).event.eventId;
    const { intakeAt: takenIn, joined } = event;
    const said = { statedBy, takenIn, ...(joined && { joined }) };
    return { ...fact, at, ...(written !== undefined && { stated: written }), ...said };
  }

  /** The first of the statements that say the same one after the other, of those that came after the correction. */
  #runStart(holds: Word): Word {
    let start = holds;
    const last = this.#again ? this.#stated.lastIndexOf(holds) : this.#stated.length - 1;
    for (let index = last - 1; index >= 0; index--) {
      const word = this.#stated[index];
      if (!word || !isSameWord(word, holds)) break;
      if (this.#correction && !isAfter(word.event, this.#correction.event)) break;
      start = word;
    }
    return start;
  }
}

/** By time; of one time by their first words. */
function compareChains({ first: a }: Chain, { first: b }: Chain): number {
  return a && b ? a.fact.at - b.fact.at || compareWords(a, b) : 0;
}

function textOf({ values }: Fact): string {
  return values.join('\n');
}

/** True of two of one chain: code and scopes they have in common. */
function isSameFact(one: FactInForce, other: FactInForce): boolean {
  return (
    one.statedBy === other.statedBy &&
    one.takenIn === other.takenIn &&
    one.joined?.stay === other.joined?.stay &&
    one.at === other.at &&
    one.status === other.status &&
    one.judgedBy === other.judgedBy &&
    textOf(one) === textOf(other)
  );
}

/** True of two statements of one chain of which the later says nothing new. */
function isSameWord(one: Word, other: Word): boolean {
  const [a, b] = [one.fact, other.fact];
  return one.text === other.text && a.judgedBy === b.judgedBy && a.status === b.status;
}

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

/** Scopes as a part of a key; empty = all. */
export function scopeKey(scopes: readonly Scope[]): string {
  return [...scopes].sort().join('+');
}

/** The latest fact of the correction's code and scopes that had been said by then. */
function latestLike({ fact, event }: Word, chains: ReadonlyMap<string, Chain>): string | undefined {
  let latest: { name: string; at: number } | undefined;
  for (const [name, chain] of chains) {
    const { first } = chain;
    if (first?.fact.code !== fact.code || scopeKey(first.fact.scopes) !== scopeKey(fact.scopes)) continue;
    if (!chain.wasSaidBy(event)) continue;
    if (!latest || first.fact.at >= latest.at) latest = { name, at: first.fact.at };
  }
  return latest?.name;
}

/** True when one event had been sent, or had been taken in, when another was. */
function wasSaidBy(one: StayEvent, other: StayEvent): boolean {
  return one.sentAt <= other.sentAt || one.intakeStamp <= other.intakeStamp;
}

function meansAnotherScope({ fact }: Word, chains: ReadonlyMap<string, Chain>): boolean {
  return [...chains.values()].some(({ first }) => {
    if (first?.fact.code !== fact.code || scopeKey(first.fact.scopes) === scopeKey(fact.scopes)) return false;
    return fact.stated === undefined || first.fact.stated === fact.stated;
  });
}

function isAfter(one: StayEvent, other: StayEvent): boolean {
  return one.sentAt > other.sentAt && one.intakeStamp > other.intakeStamp;
}

/** The facts of one code, oldest first. */
export function ofCode(facts: readonly FactInForce[], code: FactCode): FactInForce[] {
  return facts.filter((fact) => fact.code === code);
}

/** True when a fact speaks of a scope; one without scope speaks of all. */
export function speaksOf(fact: Fact, scope: Scope): boolean {
  return fact.scopes.length === 0 || fact.scopes.includes(scope);
}

/** The first fact of the run that still holds: saying the same again is no new act. */
export function runStart(
  facts: readonly FactInForce[],
  holds: (fact: FactInForce) => boolean,
): FactInForce | undefined {
  return facts[facts.findLastIndex((fact) => !holds(fact)) + 1];
}
