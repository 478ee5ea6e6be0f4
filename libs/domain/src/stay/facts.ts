import type { Fact, FactCode, Scope } from '../events/fact.ts';
import { byWord } from '../events/order.ts';
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
 * All statements are read before all corrections, each in the order of word. Facts that grow by the latest word go on from
 * there: only what the new message says is read.
 */
export class GrowingFacts {
  readonly #chains = new Map<string, Chain>();
  readonly #lost: LostCorrection[] = [];
  /** Some correction found no statement of its fact: a fact that is named for the first time may be what it meant. */
  #unresolved = false;
  /** The latest times of a correction without a time of its own: what was said by then may be what it meant. */
  #untimed = { sentAt: -Infinity, intakeStamp: -Infinity };
  #facts: Facts | undefined;

  constructor(events: readonly StayEvent[]) {
    this.#read(byWord(events).flatMap(wordsOf));
  }

  /** True when these facts go on with the event, the latest by word: no correction before it would be read otherwise. */
  leadsTo(event: StayEvent): boolean {
    const { sentAt, intakeStamp } = this.#untimed;
    if (event.sentAt <= sentAt || event.intakeStamp <= intakeStamp) return !event.facts.some(isStatement);
    return !this.#unresolved || wordsOf(event).every((word) => !isStatement(word.fact) || this.#isStated(nameOf(word)));
  }

  #isStated(name: string): boolean {
    const first = this.#chains.get(name)?.stated[0];
    return first !== undefined && isStatement(first.fact);
  }

  /** Takes the latest event by word. */
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
    return [...this.#chains.values()].flatMap(({ value }) => value ?? []).sort((a, b) => a.at - b.at);
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
    if (ofOther !== undefined) this.#unresolved = true;
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
  return event.facts.map((fact) => ({ fact, event }));
}

function isStatement({ status }: Fact): boolean {
  return status === 'F';
}

/** All words on one fact, each kind by word, and what they come to. */
class Chain {
  readonly stated: Word[] = [];
  #correction: Word | undefined;
  /** The latest statement that was sent and taken in after the correction. */
  #again: Word | undefined;
  /** Values as text -> the event that first stated them. */
  readonly #firstSaying = new Map<string, string>();
  #value: FactInForce | undefined;

  /** What the chain says in the end; undefined when the fact was never true. */
  get value(): FactInForce | undefined {
    return this.#value;
  }

  /** @returns true when the chain says something else by it */
  state(word: Word): boolean {
    this.stated.push(word);
    const values = textOf(word.fact);
    if (!this.#firstSaying.has(values)) this.#firstSaying.set(values, word.event.eventId);
    if (this.#correction && isAfter(word.event, this.#correction.event)) this.#again = word;
    return this.#read();
  }

  /** @returns true when the chain says something else by it */
  correct(word: Word): boolean {
    this.#correction = word;
    this.#again = this.#statedAfter(word.event);
    return this.#read();
  }

  /** Statements are by word: none before the first that was not sent after the correction can have been. */
  #statedAfter(correction: StayEvent): Word | undefined {
    for (let index = this.stated.length - 1; index >= 0; index--) {
      const word = this.stated[index];
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

  #valueNow(): FactInForce | undefined {
    const first = this.stated[0];
    const holds = this.#correction ? (this.#again ?? this.#correction) : this.stated.at(-1);
    if (!first || !holds || holds.fact.status === 'D') return undefined;
    const { at, stated: written } = first.fact;
    const statedBy = this.#firstSaying.get(textOf(holds.fact)) ?? holds.event.eventId;
    const { intakeAt: takenIn, joined } = holds.event;
    const said = { statedBy, takenIn, ...(joined && { joined }) };
    return { ...holds.fact, at, ...(written !== undefined && { stated: written }), ...said };
  }
}

function textOf({ values }: Fact): string {
  return values.join('\n');
}

/** True of two of one chain: code, scopes, and time they have in common. */
function isSameFact(one: FactInForce, other: FactInForce): boolean {
  return (
    one.statedBy === other.statedBy &&
    one.status === other.status &&
    one.judgedBy === other.judgedBy &&
    textOf(one) === textOf(other)
  );
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
  for (const [name, { stated }] of chains) {
    const first = stated[0];
    if (first?.fact.code !== fact.code || scopeKey(first.fact.scopes) !== scopeKey(fact.scopes)) continue;
    if (!stated.some((word) => wasSaidBy(word.event, event))) continue;
    if (!latest || first.fact.at >= latest.at) latest = { name, at: first.fact.at };
  }
  return latest?.name;
}

/** True when one event had been sent, or had been taken in, when another was. */
function wasSaidBy(one: StayEvent, other: StayEvent): boolean {
  return one.sentAt <= other.sentAt || one.intakeStamp <= other.intakeStamp;
}

function meansAnotherScope({ fact }: Word, chains: ReadonlyMap<string, Chain>): boolean {
  return [...chains.values()].some(({ stated: [first] }) => {
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
