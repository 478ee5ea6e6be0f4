import { personsSentOn, tiedStays, type PersonStay, type StayEvent } from '#libs/domain';
import { isUnreadable, readEventBundle } from '#libs/fhir';
import type { BatchContext, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { EventSet, lockAndLoad, NONE_KEPT, type KeptEvent } from '#libs/stays';
import { judgeStays, sayBecause, type JudgingParts } from '../judging/judge-stays.ts';
import { SET_KEYS } from '../judging/judging.queries.ts';
import { patientsOf, readKept, watchedStay, type WatchedStay } from '../judging/watched-stay.ts';
import { STAYS } from '../migrations/index.ts';
import { countTraffic, type FreshEvent } from '../timekeeping/silence.ts';
import type { HubTimes } from '../watermark/hub-time.ts';
import { readValue } from './read-value.ts';

interface Arrival {
  readonly kept: KeptEvent;
  readonly record: InRecord;
}

/**
 * Applies records of `events`: into the sets of their stays in the order of the log, then each stay that changed is judged
 * once. A stay that another stay's protection reaches is judged too (rules 12.6), and so is one that may go on from
 * another or in it (DEC-08).
 * @returns the unreadable records
 */
export async function applyEvents(
  tx: Tx,
  records: readonly InRecord[],
  context: BatchContext,
  judging: JudgingParts,
  hubTimes: HubTimes,
): Promise<InRecord[]> {
  const read = records.map((record) => ({ record, arrival: arrivalOf(record) }));
  const arrivals = read.flatMap(({ arrival }) => arrival ?? []);
  if (arrivals.length > 0) {
    const batch = await openBatch(tx, arrivals);
    const tiedBefore = tiedIn(batch, judging);
    const changes = takeIn(batch.events, arrivals);
    const [time, , , sentOn] = await Promise.all([
      hubTimes.read(tx),
      writeEvents(tx, batch, arrivals),
      countTraffic(tx, changes.fresh),
      changedPersonsSentOn(tx, batch, changes),
    ]);
    // A stay that is not tied to another any more is judged otherwise too.
    const tied = sentOn.size === 0 ? sentOn : new Set([...tiedBefore, ...tiedIn(batch, judging)]);
    const touched = batch.stays.filter(
      (stay) =>
        changes.stays.has(stay.stayId) || isOf(stay, changes.claimed) || (tied.has(stay.stayId) && isOf(stay, sentOn)),
    );
    const causes = new Map(arrivals.map(({ kept, record }) => [kept.event.stayId, record]));
    const said = await judgeStays(tx, touched, time, judging, (stayId) => causes.get(stayId)?.traceparent);
    sayBecause(context, said, causes, records);
  }
  return read.flatMap(({ record, arrival }) => (arrival ? [] : [record]));
}

function arrivalOf(record: InRecord): Arrival | undefined {
  const event = readEventBundle(readValue(record));
  return isUnreadable(event) ? undefined : { kept: { event, publishedAt: record.timestamp }, record };
}

/** The stays that a batch can touch, locked; their events change as the batch's are taken in. */
interface Batch {
  readonly stays: readonly WatchedStay[];
  readonly events: EventSet;
  /** Persons that were marked as sent on before. */
  readonly marked: ReadonlySet<string>;
}

async function openBatch(tx: Tx, arrivals: readonly Arrival[]): Promise<Batch> {
  const arrived = arrivals.map(({ kept }) => kept.event);
  const locked = await lockAndLoad(tx, arrived, {
    store: STAYS,
    readOwn: (stayIds) => readKept(tx, stayIds),
    kept: NONE_KEPT,
  });
  const events = new EventSet([...locked.events.values()].flat());
  const stays = [...locked.events.keys()].map((stayId) => watchedStay(stayId, events.ofStay(stayId), locked.own));
  return { stays, events, marked: locked.sentOn };
}

interface Changes {
  /** Stays of which an event came, went or was read otherwise. */
  readonly stays: Set<string>;
  /** Events of messages that nothing was known of. */
  readonly fresh: FreshEvent[];
  /** Persons of whom an event came or went. */
  readonly persons: Set<string>;
  /** Persons of whom an event with a claim of protection came or went. */
  readonly claimed: Set<string>;
}

function takeIn(events: EventSet, arrivals: readonly Arrival[]): Changes {
  const changes: Changes = { stays: new Set(), fresh: [], persons: new Set(), claimed: new Set() };
  for (const { kept, record } of arrivals) {
    const isFresh = !events.knows(kept.event.inboundId);
    const change = events.take(kept);
    if (!change) continue;
    if (isFresh) changes.fresh.push({ partition: record.partition, event: kept.event });
    for (const { event } of [...change.removed, ...change.put]) {
      changes.stays.add(event.stayId);
      changes.persons.add(event.patientId);
      if (event.patient.protection !== undefined) changes.claimed.add(event.patientId);
    }
  }
  return changes;
}

/** The stays that continue another or are continued (DEC-08). */
function tiedIn({ stays }: Batch, { rules }: JudgingParts): ReadonlySet<string> {
  const all: PersonStay[] = stays.map((stay) => ({ stayId: stay.stayId, events: eventsIn(stay) }));
  const persons = new Set(personsSentOn(all.flatMap(({ events }) => events)));
  const concerned = all.filter(({ events }) => events.some((event) => persons.has(event.patientId)));
  return tiedStays(concerned, rules);
}

/** Persons with a stay that was sent on of whom something changed. They are marked for the next time. */
async function changedPersonsSentOn(
  tx: Tx,
  { stays, marked }: Batch,
  { stays: changed, persons }: Changes,
): Promise<ReadonlySet<string>> {
  const sentOn = personsSentOn(stays.flatMap(eventsIn));
  await STAYS.markSentOn(
    tx,
    sentOn.filter((person) => !marked.has(person)),
  );
  const all = new Set([...sentOn, ...marked]);
  const ofChanged = stays.filter(({ stayId }) => changed.has(stayId)).flatMap(patientsOf);
  return new Set([...persons, ...ofChanged].filter((person) => all.has(person)));
}

function eventsIn(stay: WatchedStay): StayEvent[] {
  return [...stay.events.values()].map((kept) => kept.event);
}

function isOf(stay: WatchedStay, persons: ReadonlySet<string>): boolean {
  return persons.size > 0 && patientsOf(stay).some((patient) => persons.has(patient));
}

/** Writes what the batch changed, and the key that each stay came under: `rejected` names stays by it. */
async function writeEvents(tx: Tx, { events }: Batch, arrivals: readonly Arrival[]): Promise<void> {
  const { put, removed } = events.changes();
  const keys = new Map(arrivals.map(({ kept, record }) => [kept.event.stayId, record.key]));
  await Promise.all([
    STAYS.removeEvents(tx, removed),
    STAYS.putEvents(tx, put),
    put.length > 0 && tx.query(SET_KEYS([[...keys.keys()], [...keys.values()]])),
  ]);
}
