import type { History } from './history.ts';
import type { Fact } from '../events/fact.ts';
import { inIntakeOrder } from '../events/intake-sequence.ts';
import { inOrder } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Act } from '../notices/act.ts';
import { personOf } from '../person/person-in-stay.ts';
import type { Parameters } from '../rules/parameters.ts';
import { dutyInstant } from '../stay/inpatient-course.ts';
import { foldStay, GrowingStay, type FoldRules } from '../stay/fold.ts';
import { dischargeOf, isReal, type Stay } from '../stay/stay.ts';
import { type Instant, localDate } from '../time/time.ts';
import {
  NO_CONTINUATION,
  personalNumberOf,
  statesNoNeed,
  type Continuation,
  type Inherited,
  type Over,
} from '../routing/addressees.ts';
import type { PartyId } from '../parties/party.ts';
import { union } from '../routing/decision.ts';

/**
 * A transfer is not the end of a case (DEC-08, DEC-31): a stay of the same person that begins around it goes on with it.
 *
 *   who continues whom   a stay continues the one whose discharge in force is a transfer, at d, when it is at another unit,
 *                        was admitted after that one was, and from 2 h before to 24 h after d; of several the one with the
 *                        latest d, then the highest id. Several may continue one. A stay that was cancelled is continued by
 *                        none. Admissions grow along the chain, so it has no circle.
 *   what is handed on    who has an INS that stands, own or handed on before, and of which need. No ground, no fact.
 *   what comes back      a death, and a ward's word that there is no need, end the notices of the stay that goes on; and
 *                        that the patient has arrived.
 *
 * All is judged by what the stays say in the end; `since` tells from when the hub could know it. So nothing depends on the
 * order in which the events of the stays come. Whose stay it is, its latest event says: an identity may be found out late.
 */

/** One stay of a person, by its events. What is read from an object once is remembered: another set, another object. */
export interface PersonStay {
  readonly stayId: string;
  /** Empty when a mended translation moved them all: such a stay is none. */
  readonly events: readonly StayEvent[];
}

interface Known extends PersonStay {
  readonly person: string;
  readonly stay: Stay;
}

/** A stay, and the one that it continues. */
interface Link {
  readonly from: Known;
  /** The transfer has been known from here on. */
  readonly since: Instant;
  readonly admitted: NonNullable<Continuation['admitted']>;
}

/** The history of one stay, given what the others bring. */
export type TellHistory = (stayId: string, continuation: Continuation) => History;

/**
 * The histories of the stays that are tied to another, and of those asked for, the earliest admission first.
 * @param stays at least all stays of the persons concerned; stays of others change nothing
 * @param rules the rules of a local day; those of the transfer count
 * @param asked stays whose history is wanted whether or not they are tied
 */
export function continuedHistories(
  stays: readonly PersonStay[],
  rules: FoldRules,
  tell: TellHistory,
  asked: ReadonlySet<string> = new Set(stays.map(({ stayId }) => stayId)),
): Map<string, History> {
  const { known, links } = tied(stays, rules);
  const wanted = new Set([...asked, ...namesIn(links)]);
  const ends = endsOf(known, links, rules);
  const arrived = arrivedFrom(known, links);
  const histories = new Map<string, History>();
  for (const { stayId } of known) {
    if (!wanted.has(stayId)) continue;
    const over = ends.get(stayId);
    const continuation: Continuation = {
      ...continuationBy(links.get(stayId), histories),
      ...(over && { over }),
      ...(arrived.has(stayId) && { arrived: true as const }),
    };
    histories.set(stayId, tell(stayId, continuation));
  }
  return histories;
}

/** The stays whose patient has arrived elsewhere; a stay that never was is no arrival (DEC-15). */
function arrivedFrom(known: readonly Known[], links: Links): ReadonlySet<string> {
  const real = known.filter(({ stay }) => stay.state !== 'cancelled');
  return new Set(real.flatMap(({ stayId }) => links.get(stayId)?.from.stayId ?? []));
}

/** The stays among these that continue another, or are continued. */
export function tiedStays(stays: readonly PersonStay[], rules: FoldRules): Set<string> {
  return namesIn(tied(stays, rules).links);
}

type Links = ReadonlyMap<string, Link>;

function namesIn(links: Links): Set<string> {
  return new Set([...links].flatMap(([stayId, { from }]) => [stayId, from.stayId]));
}

function tied(
  stays: readonly PersonStay[],
  rules: FoldRules,
): { readonly known: readonly Known[]; readonly links: Links } {
  const known = stays.flatMap((one) => knownOf(one, rules) ?? []);
  known.sort((a, b) => admissionOf(a) - admissionOf(b) || compareIds(a.stayId, b.stayId));
  const sending = known.filter(({ stay }) => transferredAt(stay) !== undefined);
  const links = new Map<string, Link>();
  for (const one of known) {
    const link = linkOf(one, sending, rules);
    if (link) links.set(one.stayId, link);
  }
  return { known, links };
}

/** Remembered: of a person with many stays few change at a time. */
const KNOWN = new WeakMap<PersonStay, Known>();

function knownOf(one: PersonStay, rules: FoldRules): Known | undefined {
  const before = KNOWN.get(one);
  if (before) return before;
  const latest = inOrder(one.events).findLast(({ beside }) => !beside);
  if (!latest) return undefined;
  const { stayId, events } = one;
  const known = { stayId, events, person: personOf(latest, events), stay: foldStay(events, rules) };
  KNOWN.set(one, known);
  return known;
}

/** True when an event makes its stay one that hands on the patient. */
export function statesTransfer(event: StayEvent): boolean {
  return event.encounter.leaving === 'transfer';
}

/** True when an event may make its stay one that tells somebody (DEC-01). */
export function mayTell({ facts, terms }: StayEvent): boolean {
  return terms.impliedNeed.length > 0 || facts.some((fact) => fact.code === 'INS' || isNeed(fact));
}

function isNeed({ code, values }: Fact): boolean {
  return code === 'NEED' && values.some((value) => value !== 'NONE');
}

/**
 * The persons with a stay that may have somebody to hand on, among these events: a transfer, and a need. Only the stays of
 * such a person can matter to each other, and most transfers have no need. A stay may know its person by more ids than one.
 */
export function personsSentOn(events: readonly StayEvent[]): string[] {
  const sending = new Set(events.filter(statesTransfer).map((event) => event.stayId));
  if (sending.size === 0) return [];
  const telling = new Set(events.filter(mayTell).map((event) => event.stayId));
  const both = events.filter(({ stayId }) => sending.has(stayId) && telling.has(stayId));
  return [...new Set(both.map((event) => event.patientId))];
}

function admissionOf({ stay }: Known): Instant {
  return stay.admittedAt ?? -Infinity;
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** When the transfer in force took place; an imprecise time at its end. */
function transferredAt(stay: Stay): Instant | undefined {
  const discharge = dischargeOf(stay);
  return discharge?.leaving === 'transfer' ? dutyInstant(discharge.at, Infinity) : undefined;
}

function linkOf(one: Known, sending: readonly Known[], { parameters }: FoldRules): Link | undefined {
  const admission = one.stay.admittedAt;
  if (admission === undefined) return undefined;
  const candidates = sending.flatMap((from) => {
    const after = from.stay.admittedAt;
    const at = transferredAt(from.stay);
    if (from.person !== one.person || after === undefined || at === undefined || after >= admission) return [];
    if (!isAnotherUnit(from.stay, one.stay)) return [];
    const admitted = { after, ...windowAround(at, parameters(localDate(at))) };
    return admitted.from <= admission && admission <= admitted.until ? [{ from, at, admitted }] : [];
  });
  const latest = candidates.sort((a, b) => a.at - b.at || compareIds(a.from.stayId, b.from.stayId)).at(-1);
  if (!latest) return undefined;
  const { from, admitted } = latest;
  const since = heldSince(from.events, { parameters }, (stay) => transferredAt(stay) !== undefined);
  return { from, admitted, since };
}

function windowAround(at: Instant, { continuationLead, continuationWindow }: Parameters) {
  return { from: at - continuationLead, until: at + continuationWindow };
}

/** A ward that is not named may be any: only one that is known to be the same is no other unit. */
function isAnotherUnit(one: Stay, other: Stay): boolean {
  return one.ward === undefined || one.ward !== other.ward;
}

/** Intake of the event from which on the fold has had what it has in the end. */
function heldSince(events: readonly StayEvent[], rules: FoldRules, holds: (stay: Stay) => boolean): Instant {
  const growing = new GrowingStay(rules);
  const sequence = inIntakeOrder(events);
  const held = sequence.map((event) => holds(growing.take(event)));
  return sequence[held.lastIndexOf(false) + 1]?.intakeAt ?? Infinity;
}

/** From when each stay is over, because one that continues it says that the person is dead, or that there is no need. */
function endsOf(byAdmission: readonly Known[], links: Links, rules: FoldRules): Map<string, Over> {
  const ends = new Map<string, Over>();
  for (const one of [...byAdmission].reverse()) {
    const link = links.get(one.stayId);
    if (!link || one.stay.state === 'cancelled') continue;
    const known = [endBy(one, rules), ends.get(one.stayId), ends.get(link.from.stayId)];
    const earliest = known
      .flatMap((end) => end ?? [])
      .map((end) => ({ ...end, at: Math.max(link.since, end.at) }))
      .sort((a, b) => a.at - b.at)[0];
    if (earliest) ends.set(link.from.stayId, earliest);
  }
  return ends;
}

/** What a stay itself says that ends the case, and from when the hub has known it. */
function endBy({ stay, events }: Known, rules: FoldRules): Over | undefined {
  if (stay.deceased) {
    const at = heldSince(events, rules, (then) => then.deceased && then.state !== 'cancelled');
    return { at, cause: 'deceased-later' };
  }
  if (!statesNoNeed(stay)) return undefined;
  return {
    at: heldSince(events, rules, (then) => statesNoNeed(then) && then.state !== 'cancelled'),
    cause: 'no-need-later',
  };
}

function continuationBy(link: Link | undefined, histories: ReadonlyMap<string, History>): Continuation {
  const history = link && histories.get(link.from.stayId);
  if (!history) return NO_CONTINUATION;
  const inherited = handedOn(history).map((one) => ({ ...one, since: Math.max(one.since, link.since) }));
  const person = personalNumberOf(history.stay);
  return { inherited, admitted: link.admitted, ...(person !== undefined && { person }) };
}

/** Ends that a later stay states: they end the notices there, not for the stay that goes on. */
const STATED_LATER: ReadonlySet<string> = new Set(['deceased-later', 'no-need-later']);

/** Who has an INS at the end of a stay. */
function handedOn({ acts, kept, stay }: History): Inherited[] {
  if (!isReal(stay)) return [];
  const inForce = Map.groupBy(
    acts.filter((act) => !act.ended || STATED_LATER.has(act.ended.cause)),
    (act) => act.recipient,
  );
  const before = new Map(kept.map((one) => [one.party.id, one]));
  return [...new Set([...before.keys(), ...inForce.keys()])].sort().flatMap((party) => {
    const told = before.get(party);
    const own = ofParty(party, inForce.get(party) ?? []);
    if (!told) return own.ins ? [own.ins] : [];
    const expected = own.expected ?? told.expected;
    return [
      {
        party,
        scopes: union(told.scopes, own.ins?.scopes ?? []),
        ...(expected !== undefined && { expected }),
        since: Math.min(told.since, own.ins?.since ?? Infinity),
      },
    ];
  });
}

/** What a stay itself has told one party: its INS, and the expected discharge last told. */
function ofParty(party: PartyId, inForce: readonly Act[]): { ins?: Inherited; expected?: string } {
  const last = inForce.findLast(({ content }) => 'expectedDischarge' in content)?.content;
  const expected = last && 'expectedDischarge' in last ? last.expectedDischarge?.iso : undefined;
  const found = expected === undefined ? {} : { expected };
  const versions = inForce.filter((act) => act.kind === 'INS');
  const latest = versions.at(-1)?.content;
  const first = versions[0];
  if (!first || latest?.kind !== 'INS') return found;
  return { ...found, ins: { party, scopes: latest.ownNeed, ...found, since: first.at } };
}
