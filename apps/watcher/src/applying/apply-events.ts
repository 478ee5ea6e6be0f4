import { isPartysOrOperators, patientsIn, tiedStays, type Instant, type PersonEvent } from '#libs/domain';
import { isUnreadable, readJudgedEvent } from '#libs/fhir';
import type { BatchContext, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import {
  EventSet,
  GivingWay,
  isOfPerson,
  JoinedInBatch,
  lockAndLoad,
  PersonEvents,
  staysOfPersons,
  type ArrivedEvent,
  type KeptStays,
  type Pieces,
  type SetChange,
} from '#libs/stays';
import { judgeStays, judgingNow, sayBecause, type Judging, type JudgingParts } from '../judging/judge-stays.ts';
import { keepStays, loadingOf, staysOf, type WatchedStay } from '../judging/watched-stay.ts';
import { STAYS } from '../migrations/index.ts';
import { countTraffic, type FreshEvent } from '../senders/silence.ts';
import type { HubTimes } from '../watermark/hub-time.ts';
import { readValue } from '../read-value.ts';

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
  const { arrivals, unreadable } = arrivalsIn(records);
  if (arrivals.length > 0) {
    const now = judgingNow(judging);
    const batch = await openBatch(tx, arrivals, now.kept);
    const tiedBefore = tiedIn(batch, now);
    const changes = await new GivingWay(tx).through(takeIn(batch, arrivals));
    const [time, , , sentOn] = await Promise.all([
      hubTimes.read(tx),
      writeEvents(tx, batch),
      countTraffic(tx, changes.fresh),
      changedPersonsSentOn(tx, batch, changes),
    ]);
    // A stay that is not tied to another any more is judged otherwise too.
    const tied = sentOn.size === 0 ? sentOn : new Set([...tiedBefore, ...tiedIn(batch, now)]);
    const touched = [...batch.stays.values()].filter(
      (stay) =>
        changes.stays.has(stay.stayId) || isOf(stay, changes.claimed) || (tied.has(stay.stayId) && isOf(stay, sentOn)),
    );
    const said = await judgeStays(tx, touched, time, now, (stayId) => changes.causes.get(stayId)?.traceparent);
    sayBecause(context, said, changes.causes, records);
    context.afterCommit(() => keepStays([...batch.stays.values()], now.kept));
  }
  return unreadable;
}

interface Read {
  readonly arrivals: readonly Arrival[];
  readonly unreadable: InRecord[];
}

/** What came, but for that on which nobody's being told, and so no deviation, hangs. */
function arrivalsIn(records: readonly InRecord[]): Read {
  const [arrivals, unreadable]: [Arrival[], InRecord[]] = [[], []];
  for (const record of records) {
    const event = readJudgedEvent(record.kind, readValue(record));
    if (event === undefined) continue;
    if (isUnreadable(event)) unreadable.push(record);
    else arrivals.push({ event, publishedAt: record.timestamp, record });
  }
  return { arrivals, unreadable };
}

/** The stays that a batch can touch, locked; their events change as the batch's are taken in. */
interface Batch {
  /** By id. */
  readonly stays: ReadonlyMap<string, WatchedStay>;
  /** The events that were loaded, and those of messages that come again. */
  readonly events: EventSet;
  /** What was said of the persons beside their stays. */
  readonly personEvents: PersonEvents;
  /** Which stays are joined to others. */
  readonly joined: JoinedInBatch;
  /** Persons that were marked as sent on before. */
  readonly marked: ReadonlySet<string>;
}

async function openBatch(tx: Tx, arrivals: readonly Arrival[], kept: KeptStays<WatchedStay>): Promise<Batch> {
  const arrived = arrivals.map(({ event }) => event);
  const locked = await lockAndLoad(tx, arrived, loadingOf(tx, kept, keysOf(arrivals)));
  const events = new EventSet([...[...locked.events.values()].flat(), ...locked.again]);
  const stays = new Map(staysOf(locked).map((stay) => [stay.stayId, stay]));
  const joined = new JoinedInBatch(locked.rows.values());
  return { stays, events, joined, personEvents: new PersonEvents(locked.personEvents), marked: locked.sentOn };
}

/** The key that each stay came under, by stay id: `rejected` names stays by it. */
function keysOf(arrivals: readonly Arrival[]): ReadonlyMap<string, string> {
  return new Map(
    arrivals.flatMap(({ event, record }): [string, string][] =>
      isOfPerson(event) || isPartysOrOperators(event) ? [] : [[event.stayId, record.key]],
    ),
  );
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

function* takeIn(batch: Batch, arrivals: readonly Arrival[]): Pieces<Changes> {
  const { events, personEvents, joined } = batch;
  const changes: Changes = {
    ...{ stays: new Set(), causes: new Map(), fresh: [], persons: new Set(), claimed: new Set() },
  };
  for (const { event: arrived, publishedAt, record } of arrivals) {
    const event = isOfPerson(arrived) ? arrived : joined.inItsStay(arrived);
    const touched: WatchedStay[] = [];
    let only: PersonEvent | undefined;
    if (!isOfPerson(event)) {
      changes.causes.set(event.stayId, record);
      const isFresh = !events.knows(event.inboundId);
      const change = personEvents.hasLaterThan(event) ? undefined : events.take({ event, publishedAt });
      if (!change) continue;
      personEvents.forget(event);
      if (isFresh && !isPartysOrOperators(event)) changes.fresh.push({ partition: record.partition, event });
      touched.push(...enter(batch, change, changes, record));
    } else {
      const taken = events.hasLaterThan(event) ? undefined : personEvents.take(event);
      if (!taken) continue;
      if (taken.isAlone) only = event;
      touched.push(...staysOfPersons(batch.stays.values(), taken.persons));
      touched.push(...enter(batch, events.takeAway(event), changes, record));
      if (joined.goBy(personEvents.all())) touched.push(...rejoin(batch, changes, record));
    }
    if (personEvents.isEmpty) continue;
    for (const stay of new Set(touched)) {
      readBeside(batch, stay, { only, publishedAt, record }, changes);
      yield;
    }
  }
  return changes;
}

/** Puts into a stay what was said of its person and is not there yet; `only`: that nothing else can be missing. */
function readBeside(
  batch: Batch,
  stay: WatchedStay,
  { only, publishedAt, record }: { only: PersonEvent | undefined; publishedAt: Instant; record: InRecord },
  changes: Changes,
): void {
  const { put, removed } = batch.personEvents.missingIn(stay.events.byId.values(), only);
  if (put.length + removed.length === 0) return;
  const change = {
    put: put.map((event) => ({ event, publishedAt })),
    removed: removed.map((event) => ({ event, publishedAt })),
  };
  batch.events.change(change);
  enter(batch, change, changes, record);
}

/** Puts all events into the stays that they are of now; what was received of the one has been received of the other. */
function rejoin(batch: Batch, changes: Changes, record: InRecord): WatchedStay[] {
  const change = batch.events.rejoin(batch.joined.inItsStay);
  for (const { event } of change.put) {
    const from = event.joined && batch.stays.get(event.joined.stay);
    for (const [actId, at] of from?.receipts ?? []) batch.stays.get(event.stayId)?.receive(actId, at);
  }
  return enter(batch, change, changes, record);
}

/** Puts events into the stays of the batch and takes others out. @returns the stays that they change */
function enter({ stays }: Batch, { put, removed }: SetChange, changes: Changes, record: InRecord): WatchedStay[] {
  for (const { event } of removed) stays.get(event.stayId)?.events.drop(event.eventId);
  for (const { event } of put) stays.get(event.stayId)?.events.put(event);
  const changed: WatchedStay[] = [];
  for (const { event } of [...removed, ...put]) {
    changes.stays.add(event.stayId);
    if (!changes.causes.has(event.stayId)) changes.causes.set(event.stayId, record);
    for (const person of patientsIn([event])) changes.persons.add(person);
    if (event.patient.protection !== undefined) changes.claimed.add(event.patientId);
    const stay = stays.get(event.stayId);
    if (stay !== undefined) changed.push(stay);
  }
  return changed;
}

/** The stays that continue another or are continued (DEC-08). */
function tiedIn({ stays }: Batch, { rules }: Judging): ReadonlySet<string> {
  const sentOn = sentOnIn(stays);
  if (sentOn.size === 0) return sentOn;
  const concerned = [...stays.values()].filter((stay) => isOf(stay, sentOn));
  return tiedStays(
    concerned.map((stay) => stay.events.asStay()),
    rules,
  );
}

/** Persons with a stay that was sent on of whom something changed. They are marked for the next time. */
async function changedPersonsSentOn(
  tx: Tx,
  { stays, marked }: Batch,
  { stays: changed, persons }: Changes,
): Promise<ReadonlySet<string>> {
  const sentOn = sentOnIn(stays);
  await STAYS.markSentOn(
    tx,
    [...sentOn].filter((person) => !marked.has(person)),
  );
  const all = new Set([...sentOn, ...marked]);
  const ofChanged = [...changed].flatMap((stayId) => stays.get(stayId)?.patients() ?? []);
  return new Set([...persons, ...ofChanged].filter((person) => all.has(person)));
}

/** The persons with whom one of these stays can go on in another. */
function sentOnIn(stays: Batch['stays']): ReadonlySet<string> {
  return new Set([...stays.values()].flatMap((stay) => stay.events.sentOn()));
}

function isOf(stay: WatchedStay, persons: ReadonlySet<string>): boolean {
  return persons.size > 0 && stay.events.isOf(persons);
}

/** Writes what the batch changed. */
async function writeEvents(tx: Tx, { events, personEvents, joined }: Batch): Promise<void> {
  const { put, removed } = events.changes();
  await Promise.all([
    STAYS.removeEvents(tx, removed),
    STAYS.putEvents(tx, put),
    STAYS.putPersonEvents(tx, personEvents.changes()),
    STAYS.joinStays(tx, joined.changes()),
  ]);
}
