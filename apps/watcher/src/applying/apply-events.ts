import { patientsIn, personsSentOn, tiedStays, type Instant, type PersonStay, type StayEvent } from '#libs/domain';
import { isUnreadable, readSenderEvent } from '#libs/fhir';
import type { BatchContext, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import {
  EventSet,
  isOfPerson,
  lockAndLoad,
  NONE_KEPT,
  PersonEvents,
  type ArrivedEvent,
  type SetChange,
} from '#libs/stays';
import { judgeStays, sayBecause, type JudgingParts } from '../judging/judge-stays.ts';
import { SET_KEYS } from '../judging/judging.queries.ts';
import { patientsOf, readKept, watchedStay, type WatchedStay } from '../judging/watched-stay.ts';
import { STAYS } from '../migrations/index.ts';
import { countTraffic, type FreshEvent } from '../timekeeping/silence.ts';
import type { HubTimes } from '../watermark/hub-time.ts';
import { readValue } from './read-value.ts';

interface Arrival {
  readonly event: ArrivedEvent;
  readonly publishedAt: Instant;
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
    const changes = takeIn(batch, arrivals);
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
    const said = await judgeStays(tx, touched, time, judging, (stayId) => changes.causes.get(stayId)?.traceparent);
    sayBecause(context, said, changes.causes, records);
  }
  return read.flatMap(({ record, arrival }) => (arrival ? [] : [record]));
}

function arrivalOf(record: InRecord): Arrival | undefined {
  const event = readSenderEvent(readValue(record));
  return isUnreadable(event) ? undefined : { event, publishedAt: record.timestamp, record };
}

/** The stays that a batch can touch, locked; their events change as the batch's are taken in. */
interface Batch {
  readonly stays: readonly WatchedStay[];
  readonly events: EventSet;
  /** What was said of the persons beside their stays. */
  readonly personEvents: PersonEvents;
  /** Persons that were marked as sent on before. */
  readonly marked: ReadonlySet<string>;
}

async function openBatch(tx: Tx, arrivals: readonly Arrival[]): Promise<Batch> {
  const arrived = arrivals.map(({ event }) => event);
  const locked = await lockAndLoad(tx, arrived, {
    store: STAYS,
    readOwn: (stayIds) => readKept(tx, stayIds),
    kept: NONE_KEPT,
  });
  const events = new EventSet([...locked.events.values()].flat());
  const stays = [...locked.events.keys()].map((stayId) => watchedStay(stayId, events.ofStay(stayId), locked.own));
  return { stays, events, personEvents: new PersonEvents(locked.personEvents), marked: locked.sentOn };
}

interface Changes {
  /** Stays of which an event came, went or was read otherwise. */
  readonly stays: Set<string>;
  /** The record of the batch that last spoke of a stay, or of its person. */
  readonly causes: Map<string, InRecord>;
  /** Events of messages that nothing was known of. */
  readonly fresh: FreshEvent[];
  /** Persons of whom an event came or went. */
  readonly persons: Set<string>;
  /** Persons of whom an event with a claim of protection came or went. */
  readonly claimed: Set<string>;
}

function takeIn(batch: Batch, arrivals: readonly Arrival[]): Changes {
  const { events, personEvents } = batch;
  const changes: Changes = {
    ...{ stays: new Set(), causes: new Map(), fresh: [], persons: new Set(), claimed: new Set() },
  };
  for (const { event, publishedAt, record } of arrivals) {
    if (!isOfPerson(event)) {
      changes.causes.set(event.stayId, record);
      const isFresh = !events.knows(event.inboundId);
      const change = personEvents.hasLaterThan(event) ? undefined : events.take({ event, publishedAt });
      if (!change) continue;
      personEvents.forget(event);
      if (isFresh) changes.fresh.push({ partition: record.partition, event });
      note(change, changes, record);
    } else if (!events.hasLaterThan(event) && personEvents.take(event)) note(events.takeAway(event), changes, record);
    else continue;
    if (!personEvents.isEmpty) readBeside(batch, publishedAt, changes, record);
  }
  return changes;
}

/** Puts into the stays of the batch what was said of their persons and is not there yet. */
function readBeside(
  { stays, events, personEvents }: Batch,
  publishedAt: Instant,
  changes: Changes,
  record: InRecord,
): void {
  for (const stay of stays) {
    const { put, removed } = personEvents.missingIn(eventsIn(stay));
    if (put.length + removed.length === 0) continue;
    const change = {
      put: put.map((event) => ({ event, publishedAt })),
      removed: removed.map((event) => ({ event, publishedAt })),
    };
    events.change(change);
    note(change, changes, record);
  }
}

function note({ put, removed }: SetChange, changes: Changes, record: InRecord): void {
  for (const { event } of [...removed, ...put]) {
    changes.stays.add(event.stayId);
    if (!changes.causes.has(event.stayId)) changes.causes.set(event.stayId, record);
    for (const person of patientsIn([event])) changes.persons.add(person);
    if (event.patient.protection !== undefined) changes.claimed.add(event.patientId);
  }
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
async function writeEvents(tx: Tx, { events, personEvents }: Batch, arrivals: readonly Arrival[]): Promise<void> {
  const { put, removed } = events.changes();
  const keys = new Map(
    arrivals.flatMap(({ event, record }) => (isOfPerson(event) ? [] : [[event.stayId, record.key]])),
  );
  await Promise.all([
    STAYS.removeEvents(tx, removed),
    STAYS.putEvents(tx, put),
    STAYS.putPersonEvents(tx, personEvents.changes()),
    keys.size > 0 && put.length > 0 && tx.query(SET_KEYS([[...keys.keys()], [...keys.values()]])),
  ]);
}
