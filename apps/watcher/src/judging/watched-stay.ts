import { HOUR, patientsIn, type Instant, type PersonProtection } from '#libs/domain';
import type { DeviationRecord, TaskRecord } from '#libs/fhir';
import type { Tx } from '#libs/persistence';
import { lockStays, protectionOf, relatedStays, type KeptEvent, type RelatedStay } from '#libs/stays';
import { STAYS } from '../migrations/index.ts';
import type { Statement } from '../query.ts';
import { hourOf, type SilentSenders } from '../timekeeping/silence.ts';
import { storedDeviation } from './changed-deviations.ts';
import {
  DEADLINES_OF_STAYS,
  DEVIATIONS_OF_STAYS,
  RECEIPTS_OF_STAYS,
  REMINDERS_OF_STAYS,
  SUSPECTED_STAYS,
} from './judging.queries.ts';

/** All that the watcher keeps of one stay: what its judgement is made from, and what was said of it. */
export interface WatchedStay {
  readonly stayId: string;
  /** By event id. */
  readonly events: ReadonlyMap<string, KeptEvent>;
  /** Deviations as last said. */
  readonly deviations: readonly DeviationRecord[];
  /** Reminders as last said. */
  readonly reminders: readonly TaskRecord[];
  /** When the stay is to be judged again: name of the deadline -> instant. */
  readonly deadlines: ReadonlyMap<string, Instant>;
  /** When each notice was first there: id of the act -> instant. */
  readonly receipts: ReadonlyMap<string, Instant>;
}

/** What other stays and the hub bring to the judgement of one. */
export interface Surroundings {
  /** A protection that an event of the person's stated, this stay's included (rules 12.6). */
  readonly protection?: PersonProtection | undefined;
  /** The stays that may go on in this one or this one in them, itself included (DEC-08); empty: none. */
  readonly related: readonly RelatedStay[];
  /** A message of the stay lies unresolved in `rejected` (architecture 7). */
  readonly suspected: boolean;
  /** Its source is silent against its habit: whether it still is can be told at this instant. */
  readonly silentUntil?: Instant | undefined;
}

interface Body {
  readonly stay_id: string;
  readonly body: string;
}
interface NamedInstant {
  readonly stay_id: string;
  readonly name: string;
  readonly at: Instant;
}
type ByStay<Row> = ReadonlyMap<string, readonly Row[]>;

/** What is kept of stays besides their events. */
export interface KeptOfStays {
  readonly deviations: ByStay<Body>;
  readonly reminders: ByStay<Body>;
  readonly deadlines: ByStay<NamedInstant>;
  readonly receipts: ByStay<NamedInstant>;
}

/** Reads what is kept of these stays besides their events; the caller holds their locks. */
export async function readKept(tx: Tx, stayIds: readonly string[]): Promise<KeptOfStays> {
  const read = async <Row extends { stay_id: string }>(of: Statement): Promise<ByStay<Row>> =>
    Map.groupBy((await tx.query<Row>(of([stayIds]))).rows, (row) => row.stay_id);
  const [deviations, reminders, deadlines, receipts] = await Promise.all([
    read<Body>(DEVIATIONS_OF_STAYS),
    read<Body>(REMINDERS_OF_STAYS),
    read<NamedInstant>(DEADLINES_OF_STAYS),
    read<NamedInstant>(RECEIPTS_OF_STAYS),
  ]);
  return { deviations, reminders, deadlines, receipts };
}

/**
 * A stay of its events and what else is kept of it.
 * @param events by event id; may change while a batch is applied, and the stay with it
 */
export function watchedStay(
  stayId: string,
  events: ReadonlyMap<string, KeptEvent>,
  { deviations, reminders, deadlines, receipts }: KeptOfStays,
): WatchedStay {
  return {
    stayId,
    events,
    deviations: (deviations.get(stayId) ?? []).map((row) => storedDeviation(row.body)),
    reminders: (reminders.get(stayId) ?? []).map((row) => JSON.parse(row.body) as TaskRecord),
    deadlines: new Map((deadlines.get(stayId) ?? []).map((row) => [row.name, row.at])),
    receipts: new Map((receipts.get(stayId) ?? []).map((row) => [row.name, row.at])),
  };
}

/** Locks stays that no event touches and reads them. A stay without events has nothing to be judged and is left out. */
export async function lockKnownStays(tx: Tx, stayIds: Iterable<string>): Promise<WatchedStay[]> {
  const locked = await lockAll(tx, stayIds);
  return locked.filter(({ events }) => events.size > 0);
}

/** Locks stays that are due and reads them, also those that a mended translation has emptied: what was said of them ends. */
export async function lockAll(tx: Tx, stayIds: Iterable<string>): Promise<WatchedStay[]> {
  const { events, own } = await lockStays(tx, STAYS, stayIds, (ids) => readKept(tx, ids));
  return [...events].map(([stayId, kept]) =>
    watchedStay(stayId, new Map(kept.map((one) => [one.event.eventId, one])), own),
  );
}

/**
 * What other stays, `rejected` and the habits of senders bring to these stays. Read after the events of the batch are
 * written: a claim or a resolving message in the batch itself counts.
 */
export async function surroundingsOf(
  tx: Tx,
  stays: readonly WatchedStay[],
  silentSenders: SilentSenders,
  watermark: Instant,
): Promise<(stay: WatchedStay) => Surroundings> {
  const persons = new Map(stays.map((stay) => [stay, patientsOf(stay)]));
  const everyone = [...new Set([...persons.values()].flat())];
  if (everyone.length === 0) return () => ({ related: [], suspected: false });
  const [{ sentOn, claims }, suspicions, silent] = await Promise.all([
    STAYS.personsOf(tx, everyone),
    tx.query<{ stay_id: string }>(SUSPECTED_STAYS([stays.map((stay) => stay.stayId)])),
    silentSenders.silentAt(tx, watermark),
  ]);
  const related = await relatedStays(tx, STAYS, sentOn);
  const suspected = new Set(suspicions.rows.map((row) => row.stay_id));
  return (stay) => ({
    protection: protectionOf(
      [...stay.events.values()].map((kept) => kept.event),
      claims,
    ),
    related: related.filter(({ events }) => patientsIn(events).some((id) => persons.get(stay)?.includes(id))),
    suspected: suspected.has(stay.stayId),
    ...(silent.size > 0 &&
      sendersOf(stay).some((sender) => silent.has(sender)) && { silentUntil: hourOf(watermark) + HOUR }),
  });
}

const sendersOf = (stay: WatchedStay): string[] => [...stay.events.values()].map((kept) => kept.event.sender);

/** The ids that the person is known by in a stay. */
export function patientsOf(stay: WatchedStay): string[] {
  return patientsIn([...stay.events.values()].map((kept) => kept.event));
}
