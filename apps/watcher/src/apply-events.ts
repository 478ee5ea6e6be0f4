import { isUnreadable, readEventBundle } from '#libs/fhir';
import type { BatchContext, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { absorbed, type KeptEvent } from './event-set.ts';
import { judgeFiles, sayBecause, type Court } from './judging.ts';
import { readValue } from './poison.ts';
import { countTraffic, type FreshEvent } from './silence.ts';
import type { Standings } from './standing.ts';
import { openFiles, patientsOf } from './stay-book.ts';
import type { StayFile } from './stay-file.ts';
import {
  JOIN_PERSONS,
  LOCK_PERSONS,
  PLACES_OF_INBOUND,
  PUT_EVENTS,
  REMOVE_EVENTS,
  SET_KEYS,
  STAYS_OF_PERSONS,
} from './stay.queries.ts';

interface Arrival {
  readonly kept: KeptEvent;
  readonly record: InRecord;
}

/**
 * Applies records of `events`: into the sets of their stays in the order of the log, then each stay that changed is judged
 * once. A stay that another stay's protection reaches is judged too (domain.md 12.6). Answers the unreadable records.
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
    const files = await openFiles(tx, await lockedStays(tx, arrivals));
    const changes = absorb(files, arrivals);
    const touched = [...files.values()].filter((file) => changes.touched.has(file) || isReached(file, changes));
    const causes = new Map(arrivals.map(({ kept, record }) => [kept.event.stayId, record]));
    const [standing] = await Promise.all([
      standings.read(tx),
      writeEvents(tx, changes, files, arrivals),
      countTraffic(tx, changes.fresh),
    ]);
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

/**
 * Locks the persons, and finds the stays to be locked: those of the events, those where a mended reading finds its
 * earlier self, and, where protection may change, all of the person's. Under a person's lock no stay can join them.
 */
async function lockedStays(tx: Tx, arrivals: readonly Arrival[]): Promise<string[]> {
  const events = arrivals.map(({ kept }) => kept.event);
  const { rows: places } = await tx.query<{ stay_id: string; patient_id: string; protected: boolean }>(
    PLACES_OF_INBOUND([[...new Set(events.map((event) => event.inboundId))]]),
  );
  const patients = [...events.map((event) => event.patientId), ...places.map((place) => place.patient_id)];
  await tx.query(LOCK_PERSONS([[...new Set(patients)]]));
  const claimed = [
    ...events.filter((event) => event.patient.protection !== undefined).map((event) => event.patientId),
    ...places.filter((place) => place.protected).map((place) => place.patient_id),
  ];
  const { rows: others } =
    claimed.length === 0
      ? { rows: [] }
      : await tx.query<{ stay_id: string }>(STAYS_OF_PERSONS([[...new Set(claimed)]]));
  return [
    ...events.map((event) => event.stayId),
    ...places.map((place) => place.stay_id),
    ...others.map((other) => other.stay_id),
  ];
}

interface Changes {
  readonly put: Map<string, KeptEvent>;
  readonly removed: Set<string>;
  readonly touched: Set<StayFile>;
  /** Events of messages that nothing was known of. */
  readonly fresh: FreshEvent[];
  /** Persons of whom an event with a claim of protection came or went. */
  readonly claimed: Set<string>;
}

function absorb(files: ReadonlyMap<string, StayFile>, arrivals: readonly Arrival[]): Changes {
  const changes: Changes = { put: new Map(), removed: new Set(), touched: new Set(), fresh: [], claimed: new Set() };
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
  if (event.patient.protection !== undefined) changes.claimed.add(event.patientId);
}

function isReached(file: StayFile, { claimed }: Changes): boolean {
  return claimed.size > 0 && patientsOf(file).some((patient) => claimed.has(patient));
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
    rows.map(({ event }) => JSON.stringify(event)),
  ];
}
