import type { Fact } from '../events/fact.ts';
import { compareByWord, insertInOrder } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { FactInForce } from './facts.ts';

/** One message's word on one fact. */
export interface Word {
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

/** What an event says of facts, a word on each. */
export function wordsOf(event: StayEvent): Word[] {
  return event.facts.map((fact, nth) => ({ fact, event, nth, text: textOf(fact) }));
}

/** True of what states a fact, false of what corrects one. */
export function isStatement({ status }: Fact): boolean {
  return status === 'F';
}

/** All words on one fact, each kind by word, and what they come to. */
export class FactChain {
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

  state(word: Word): void {
    const before = this.#holds;
    const index = insertInOrder(this.#stated, word, compareWords);
    const first = this.#firstSaying.get(word.text);
    if (!first || compareWords(word, first) < 0) this.#firstSaying.set(word.text, word);
    if (this.#correction && isAfter(word.event, this.#correction.event)) {
      if (!this.#again || compareWords(this.#again, word) < 0) this.#again = word;
    }
    // One more of the same, as nearly all are: the run that it is the last of is as long as the stay.
    const isRepeated = this.#holds === word && before === this.#stated[index - 1] && before && isSameWord(before, word);
    if (!isRepeated) this.#read();
  }

  correct(word: Word): void {
    if (this.#correction && compareWords(word, this.#correction) < 0) return;
    this.#correction = word;
    this.#again = this.#statedAfter(word.event);
    this.#read();
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

  /** What the chain says is the same object as long as it is the same. */
  #read(): void {
    const now = this.#valueNow();
    if (!this.#value || !now || !isSameFact(this.#value, now)) this.#value = now;
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

/** Compares chains by their first words: by time, and of one time by word. */
export function compareFirstWords(a: Word, b: Word): number {
  return a.fact.at - b.fact.at || compareWords(a, b);
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

/** True when one event had been sent, or had been taken in, when another was. */
function wasSaidBy(one: StayEvent, other: StayEvent): boolean {
  return one.sentAt <= other.sentAt || one.intakeStamp <= other.intakeStamp;
}

function isAfter(one: StayEvent, other: StayEvent): boolean {
  return one.sentAt > other.sentAt && one.intakeStamp > other.intakeStamp;
}
