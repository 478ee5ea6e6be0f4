import { personsSentOn, tiedStays } from '#libs/domain';
import { isUnreadable, readEventBundle } from '#libs/fhir';
import type { BatchContext, InRecord } from '#libs/messaging';
import { textArray, type Tx } from '#libs/persistence';
import { absorbed, type KeptEvent } from './event-set.ts';
import { judgeFiles, sayBecause, type Court } from './judging.ts';
import { readValue } from './read-value.ts';
import { countTraffic, type FreshEvent } from './silence.ts';
import type { Standings } from './standing.ts';
import { patientsOf } from './stay-book.ts';
import type { StayFile } from './stay-file.ts';
import { JOIN_PERSONS, MARK_TRANSFERRED, PUT_EVENTS, REMOVE_EVENTS, SET_KEYS } from './stay.queries.ts';
import { eventsIn, openTouched } from './touched-stays.ts';

interface Arrival {
  readonly kept: KeptEvent;
  readonly record: InRecord;
}

/**
 * Applies records of `events`: into the sets of their stays in the order of the log, then each stay that changed is judged
 * once. A stay that another stay's protection reaches is judged too (rules 12.6), and so is one that may go on from
 * another or in it (DEC-08). Answers the unreadable records.
 */
export async function applyEvents(
  tx: Tx,
  records: readonly InRecord[],
  context: BatchContext,
  court: Court,
  standings: Standings,
): Promise<InRecord[]> {
  const read = records.map((record) => ({ record, arrival: arrivalOf(record) }));
  const arrivals = read.flatMap(({ arrival }) => arrival ?? []);
  if (arrivals.length > 0) {
    const { files, marked } = await openTouched(
      tx,
      arrivals.map(({ kept }) => kept.event),
    );
    const tiedBefore = tiedIn(files, court);
    const changes = absorb(files, arrivals);
    const [standing, , , stirred] = await Promise.all([
      standings.read(tx),
      writeEvents(tx, changes, files, arrivals),
      countTraffic(tx, changes.fresh),
      stirredPersons(tx, files, changes, marked),
    ]);
    // One that is cut loose is judged otherwise too.
    const tied = stirred.size === 0 ? stirred : new Set([...tiedBefore, ...tiedIn(files, court)]);
    const touched = [...files.values()].filter(
      (file) =>
        changes.touched.has(file) ||
        isReached(file, changes.claimed) ||
        (tied.has(file.stayId) && isReached(file, stirred)),
    );
    const causes = new Map(arrivals.map(({ kept, record }) => [kept.event.stayId, record]));
    const said = await judgeFiles(tx, touched, standing, court, (stayId) => causes.get(stayId)?.traceparent);
    sayBecause(context, said, causes, records);
  }
  return read.flatMap(({ record, arrival }) => (arrival ? [] : [record]));
}

function arrivalOf(record: InRecord): Arrival | undefined {
  const event = readEventBundle(readValue(record));
  if (isUnreadable(event)) return undefined;
  return {
    kept: { event, publishedAt: record.timestamp },
    record,
  };
}

interface Changes {
  readonly put: Map<string, KeptEvent>;
  readonly removed: Set<string>;
  readonly touched: Set<StayFile>;
  /** Events of messages that nothing was known of. */
  readonly fresh: FreshEvent[];
  /** Persons of whom an event came or went. */
  readonly persons: Set<string>;
  /** Persons of whom an event with a claim of protection came or went. */
  readonly claimed: Set<string>;
}

function absorb(files: ReadonlyMap<string, StayFile>, arrivals: readonly Arrival[]): Changes {
  const changes: Changes = {
    put: new Map(),
    removed: new Set(),
    touched: new Set(),
    fresh: [],
    persons: new Set(),
    claimed: new Set(),
  };
  const ofInbound = new Map<string, KeptEvent[]>();
  for (const file of files.values()) {
    for (const kept of file.events.values()) addTo(ofInbound, kept.event.inboundId, kept);
  }
  for (const { kept, record } of arrivals) {
    const known = ofInbound.get(kept.event.inboundId) ?? [];
    const change = absorbed(known, kept);
    if (!change) continue;
    if (known.length === 0) changes.fresh.push({ partition: record.partition, event: kept.event });
    const ids = new Set([...change.put, ...change.removed].map((one) => one.event.eventId));
    for (const before of known.filter((one) => ids.has(one.event.eventId))) remove(before, files, changes);
    for (const one of change.put) put(one, files, changes);
    ofInbound.set(kept.event.inboundId, [...known.filter((one) => !ids.has(one.event.eventId)), ...change.put]);
  }
  return changes;
}

function addTo(map: Map<string, KeptEvent[]>, key: string, kept: KeptEvent): void {
  const list = map.get(key);
  if (list) list.push(kept);
  else map.set(key, [kept]);
}

function remove(kept: KeptEvent, files: ReadonlyMap<string, StayFile>, changes: Changes): void {
  const { eventId, stayId } = kept.event;
  changes.put.delete(eventId);
  changes.removed.add(eventId);
  note(kept, files.get(stayId), changes);
  files.get(stayId)?.events.delete(eventId);
}

function put(kept: KeptEvent, files: ReadonlyMap<string, StayFile>, changes: Changes): void {
  const { eventId, stayId } = kept.event;
  const file = files.get(stayId);
  if (!file) throw new Error('a stay that was not locked');
  changes.removed.delete(eventId);
  changes.put.set(eventId, kept);
  file.events.set(eventId, kept);
  note(kept, file, changes);
}

function note({ event }: KeptEvent, file: StayFile | undefined, changes: Changes): void {
  if (file) changes.touched.add(file);
  changes.persons.add(event.patientId);
  if (event.patient.protection !== undefined) changes.claimed.add(event.patientId);
}

/** The stays that continue another or are continued (DEC-08). */
function tiedIn(files: ReadonlyMap<string, StayFile>, { law }: Court): ReadonlySet<string> {
  const stays = [...files.values()].map((file) => ({ stayId: file.stayId, events: eventsIn(file) }));
  const persons = new Set(personsSentOn(stays.flatMap(({ events }) => events)));
  const concerned = stays.filter(({ events }) => events.some((event) => persons.has(event.patientId)));
  return tiedStays(concerned, law);
}

/** Persons with a stay that was sent on of whom something changed. They are marked for the next time. */
async function stirredPersons(
  tx: Tx,
  files: ReadonlyMap<string, StayFile>,
  { touched, persons }: Changes,
  marked: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const transferred = personsSentOn([...files.values()].flatMap(eventsIn));
  const fresh = transferred.filter((person) => !marked.has(person));
  if (fresh.length > 0) await tx.query(MARK_TRANSFERRED([fresh]));
  const all = new Set([...transferred, ...marked]);
  return new Set([...persons, ...[...touched].flatMap(patientsOf)].filter((person) => all.has(person)));
}

function isReached(file: StayFile, persons: ReadonlySet<string>): boolean {
  return persons.size > 0 && patientsOf(file).some((patient) => persons.has(patient));
}

async function writeEvents(
  tx: Tx,
  { put: events, removed }: Changes,
  files: ReadonlyMap<string, StayFile>,
  arrivals: readonly Arrival[],
): Promise<void> {
  const removal = removed.size > 0 ? tx.query(REMOVE_EVENTS([[...removed]])) : undefined;
  await Promise.all([removal, ...putEvents(tx, [...events.values()], files, arrivals)]);
}

function putEvents(
  tx: Tx,
  rows: readonly KeptEvent[],
  files: ReadonlyMap<string, StayFile>,
  arrivals: readonly Arrival[],
): Promise<unknown>[] {
  if (rows.length === 0) return [];
  const keys = new Map(arrivals.map(({ kept, record }) => [kept.event.stayId, record.key]));
  const known = [...keys.keys()].filter((stayId) => files.has(stayId));
  return [
    tx.query(PUT_EVENTS(eventColumns(rows))),
    tx.query(JOIN_PERSONS([rows.map(({ event }) => event.patientId), rows.map(({ event }) => event.stayId)])),
    tx.query(SET_KEYS([known, known.map((stayId) => keys.get(stayId))])),
  ];
}

function eventColumns(rows: readonly KeptEvent[]): unknown[] {
  return [
    rows.map(({ event }) => event.eventId),
    rows.map(({ event }) => event.stayId),
    rows.map(({ event }) => event.inboundId),
    rows.map(({ event }) => event.patientId),
    rows.map(({ event }) => event.patient.protection ?? null),
    rows.map(({ event }) => event.trigger),
    rows.map(({ event }) => event.intakeAt),
    rows.map(({ publishedAt }) => publishedAt),
    textArray(rows.map(({ event }) => JSON.stringify(event))),
  ];
}
