import { isReal } from './deadlines.ts';
import { NO_CONTINUATION, union, type Continuation, type Inherited } from './addressees.ts';
import type { PartyId } from './directory.ts';
import type { Fact, StayEvent } from './event.ts';
import { inIntakeOrder, type History } from './history.ts';
import { localDate } from './local-time.ts';
import type { Act } from './notice.ts';
import { inOrder } from './order.ts';
import type { Parameters } from './rules/parameters.ts';
import { dischargeOf, dutyInstant, foldStay, type Stay } from './stay.ts';
import type { Instant } from './time.ts';

/**
 * A transfer is not the end of a case (DEC-08): a stay of the same person within 24 h goes on with it.
 *
 *   who continues whom   a stay continues the one whose discharge in force is a transfer, at d, when it was admitted after
 *                        that one was and at most 24 h after d; of several the one with the latest d, then the highest id.
 *                        It may have begun before d, and several may continue one. A stay that was cancelled is continued
 *                        by none. Admissions grow along the chain, so it has no circle.
 *   what is handed on    who has an INS that stands, own or handed on before, and of which need. No ground, no fact.
 *   what comes back      a death ends the notices of every stay that goes on in the one that states it.
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
 * @param parameters the rules of a local day; that of the transfer counts
 * @param asked stays whose history is wanted whether or not they are tied
 */
export function continuedHistories(
  stays: readonly PersonStay[],
  parameters: (date: string) => Parameters,
  tell: TellHistory,
  asked: ReadonlySet<string> = new Set(stays.map(({ stayId }) => stayId)),
): Map<string, History> {
  const { known, links } = tied(stays, parameters);
  const wanted = new Set([...asked, ...namesIn(links)]);
  const ends = endsOf(known, links);
  const histories = new Map<string, History>();
  for (const { stayId } of known.filter((one) => wanted.has(one.stayId))) {
    const over = ends.get(stayId);
    const continuation = { ...continuationBy(links.get(stayId), histories), ...(over !== undefined && { over }) };
    histories.set(stayId, tell(stayId, continuation));
  }
  return histories;
}

/** The stays among these that continue another, or are continued. */
export function tiedStays(stays: readonly PersonStay[], parameters: (date: string) => Parameters): Set<string> {
  return namesIn(tied(stays, parameters).links);
}

type Links = ReadonlyMap<string, Link>;

function namesIn(links: Links): Set<string> {
  return new Set([...links].flatMap(([stayId, { from }]) => [stayId, from.stayId]));
}

function tied(
  stays: readonly PersonStay[],
  parameters: (date: string) => Parameters,
): { readonly known: readonly Known[]; readonly links: Links } {
  const known = stays.flatMap((one) => knownOf(one) ?? []);
  known.sort((a, b) => admissionOf(a) - admissionOf(b) || compareIds(a.stayId, b.stayId));
  const sending = known.filter(({ stay }) => transferredAt(stay) !== undefined);
  const links = new Map<string, Link>();
  for (const one of known) {
    const link = linkOf(one, sending, parameters);
    if (link) links.set(one.stayId, link);
  }
  return { known, links };
}

/** Remembered: of a person with many stays few change at a time. */
const KNOWN = new WeakMap<PersonStay, Known>();

function knownOf(one: PersonStay): Known | undefined {
  const before = KNOWN.get(one);
  if (before) return before;
  const latest = inOrder(one.events).at(-1);
  if (!latest) return undefined;
  const { stayId, events } = one;
  const known = { stayId, events, person: latest.patientId, stay: foldStay(events) };
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

function linkOf(one: Known, sending: readonly Known[], parameters: (date: string) => Parameters): Link | undefined {
  const admission = one.stay.admittedAt;
  if (admission === undefined) return undefined;
  const candidates = sending.flatMap((from) => {
    const after = from.stay.admittedAt;
    const at = transferredAt(from.stay);
    if (from.person !== one.person || after === undefined || at === undefined || after >= admission) return [];
    const until = at + parameters(localDate(at)).continuationWindow;
    return admission <= until ? [{ from, at, admitted: { after, until } }] : [];
  });
  const latest = candidates.sort((a, b) => a.at - b.at || compareIds(a.from.stayId, b.from.stayId)).at(-1);
  if (!latest) return undefined;
  const { from, admitted } = latest;
  return { from, admitted, since: heldSince(from.events, (stay) => transferredAt(stay) !== undefined) };
}

/** Intake of the event from which on the fold has had what it has in the end. */
function heldSince(events: readonly StayEvent[], holds: (stay: Stay) => boolean): Instant {
  const sequence = inIntakeOrder(events);
  let first = sequence.length - 1;
  while (first > 0 && holds(foldStay(sequence.slice(0, first)))) first--;
  return sequence[first]?.intakeAt ?? Infinity;
}

/** From when each stay is over, because one that continues it says that the person is dead. */
function endsOf(byAdmission: readonly Known[], links: Links): Map<string, Instant> {
  const ends = new Map<string, Instant>();
  for (const { stayId, stay, events } of [...byAdmission].reverse()) {
    const link = links.get(stayId);
    if (!link || stay.state === 'cancelled') continue;
    const died = stay.deceased ? heldSince(events, (then) => then.deceased && then.state !== 'cancelled') : Infinity;
    const end = Math.max(link.since, Math.min(died, ends.get(stayId) ?? Infinity));
    const { stayId: before } = link.from;
    if (end < Infinity) ends.set(before, Math.min(end, ends.get(before) ?? Infinity));
  }
  return ends;
}

function continuationBy(link: Link | undefined, histories: ReadonlyMap<string, History>): Continuation {
  const history = link && histories.get(link.from.stayId);
  if (!history) return NO_CONTINUATION;
  const inherited = handedOn(history).map((one) => ({ ...one, since: Math.max(one.since, link.since) }));
  return { inherited, admitted: link.admitted };
}

/** Who has an INS at the end of a stay. A death that another stay stated has ended it there, not for who goes on. */
function handedOn({ acts, kept, stay }: History): Inherited[] {
  if (!isReal(stay)) return [];
  const standing = Map.groupBy(
    acts.filter((act) => !act.ended || act.ended.cause === 'deceased-later'),
    (act) => act.recipient,
  );
  const before = new Map(kept.map((one) => [one.party.id, one]));
  return [...new Set([...before.keys(), ...standing.keys()])].sort().flatMap((party) => {
    const told = before.get(party);
    const own = ofParty(party, standing.get(party) ?? []);
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
function ofParty(party: PartyId, standing: readonly Act[]): { ins?: Inherited; expected?: string } {
  const last = standing.findLast(({ content }) => 'expectedDischarge' in content)?.content;
  const expected = last && 'expectedDischarge' in last ? last.expectedDischarge?.iso : undefined;
  const found = expected === undefined ? {} : { expected };
  const versions = standing.filter((act) => act.kind === 'INS');
  const latest = versions.at(-1)?.content;
  const first = versions[0];
  if (!first || latest?.kind !== 'INS') return found;
  return { ...found, ins: { party, scopes: latest.ownNeed, ...found, since: first.at } };
}
