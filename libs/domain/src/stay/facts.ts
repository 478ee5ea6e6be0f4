import type { Fact, FactCode, Scope } from '../events/fact.ts';
import { byWord } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';

/** A fact that holds, and the event that stated it as it is. */
export interface FactInForce extends Fact {
  readonly statedBy: string;
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

/** All words on one fact, each list by word. */
interface Chain {
  readonly stated: Word[];
  readonly corrections: Word[];
}

/**
 * The facts of a stay that hold (contract 5; DEC-19).
 *
 * Code, scopes and OBX-14 as written name a fact; without OBX-14 its instant does. A correction finds its fact by that name
 * wherever either stands in the order of time; one without a time of its own means the latest fact of its code and scopes
 * that had been said. The latest correction holds (`C` puts its value in place, `D` takes the fact away) unless the fact was
 * stated once more by a message that was both sent and taken in after it. A repetition changes nothing: the fact keeps the
 * time and the event of its first statement, so that saying a thing again is no new act.
 */
export function factsOf(events: readonly StayEvent[]): Facts {
  const words = byWord(events).flatMap((event) => event.facts.map((fact) => ({ fact, event })));
  const chains = new Map<string, Chain>();
  for (const word of words) if (word.fact.status === 'F') chainOf(chains, nameOf(word.fact)).stated.push(word);
  const lost: LostCorrection[] = [];
  for (const word of words) {
    if (word.fact.status === 'F') continue;
    const name = word.fact.stated === undefined ? latestLike(word, chains) : nameOf(word.fact);
    const chain = name === undefined ? undefined : chains.get(name);
    // A `C` of what never was stated states it; a `D` of it says nothing, unless its scope is what is wrong.
    if (chain) chain.corrections.push(word);
    else if (meansAnotherScope(word, chains)) lost.push({ eventId: word.event.eventId, code: word.fact.code });
    else if (word.fact.status === 'C') chainOf(chains, nameOf(word.fact)).stated.push(word);
  }
  const inForce = [...chains.values()].flatMap((chain) => valueOf(chain) ?? []).sort((a, b) => a.at - b.at);
  return { inForce, lost };
}

function chainOf(chains: Map<string, Chain>, name: string): Chain {
  const known = chains.get(name);
  if (known) return known;
  const made: Chain = { stated: [], corrections: [] };
  chains.set(name, made);
  return made;
}

function nameOf({ code, scopes, stated, at }: Fact): string {
  return `${code}|${scopeKey(scopes)}|${stated ?? `@${at}`}`;
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

/** What a chain says in the end; undefined when the fact was never true. */
function valueOf({ stated, corrections }: Chain): FactInForce | undefined {
  const first = stated[0];
  if (!first) return undefined;
  const correction = corrections.at(-1);
  const again = correction && stated.filter(({ event }) => isAfter(event, correction.event));
  const holds = again === undefined ? stated.at(-1) : (again.at(-1) ?? correction);
  if (!holds || holds.fact.status === 'D') return undefined;
  const { at, stated: written } = first.fact;
  return { ...holds.fact, at, ...(written !== undefined && { stated: written }), statedBy: firstSaying(holds, stated) };
}

function isAfter(one: StayEvent, other: StayEvent): boolean {
  return one.sentAt > other.sentAt && one.intakeStamp > other.intakeStamp;
}

/** The event that first said what holds. */
function firstSaying(holds: Word, stated: readonly Word[]): string {
  const same = stated.find(({ fact }) => fact.values.join('\n') === holds.fact.values.join('\n'));
  return (same ?? holds).event.eventId;
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
