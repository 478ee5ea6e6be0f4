import { personsSentOn, statesTransfer, type StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { Known } from './case-book.ts';
import { claimsOf, eventsOf } from './event.queries.ts';
import { lockPersons, lockStays, staysOfPersons } from './lock.queries.ts';
import { noticesOf } from './notice.queries.ts';
import type { SaidStay } from './said-stays/said-stays.ts';
import type { StayCache } from './stay-cache.ts';
import type { StayCase } from './stay-case.ts';
import { tasksOf } from './task.queries.ts';

/**
 * Locks every person and every stay that a batch can touch, then loads what is known of them (architecture 2.6).
 *
 * The persons and stays of the events themselves are known beforehand. Where a person's protection may change, or one stay
 * may go on in another after a transfer, all stays of that person are touched. A mended translation may touch others: those
 * that an earlier version of the message named; and a stay may know its person by other ids. They are seen only while
 * loading; then they are locked too and all is loaded again. Such a late lock may be out of order: a deadlock, should one
 * come, runs the whole batch anew.
 *
 * A stay that is kept from the batch before is not loaded, when its version says that nobody had it since. A transfer in it
 * makes its person's other stays matter: such a stay is loaded.
 */
export async function lockAndLoad(tx: Tx, events: readonly StayEvent[], cache: StayCache): Promise<Locked> {
  const inboundIds = distinct(events.map((event) => event.inboundId));
  const persons = new Set(events.map((event) => event.patientId));
  const stays = new Set(events.map((event) => event.stayId));
  // Persons whose other stays are touched.
  const reaching = new Set<string>();
  const transferred = new Set<string>();
  const versions = new Map<string, number>();
  const said: SaidStay[] = [];
  const kept = new Map<string, StayCase>();
  const toLoad = new Set(events.filter(statesTransfer).map((event) => event.stayId));
  let newPersons = [...persons];
  let newStays = [...stays];
  let newlyReaching = adding(reaching, [
    ...events.filter(isProtecting).map((event) => event.patientId),
    ...personsSentOn(events),
  ]);
  for (;;) {
    if (newlyReaching.length > 0) {
      adding(transferred, await lockPersons(tx, newPersons));
      newPersons = [];
      newStays.push(...adding(stays, await staysOfPersons(tx, [...reaching, ...transferred])));
    }
    // Sent together, and run in this order: what is read is read under the locks.
    for (const id of newStays) if (!cache.has(id)) toLoad.add(id);
    const [marked, given, known] = await Promise.all([
      lockPersons(tx, newPersons),
      lockStays(tx, newStays),
      load(tx, toLoad, persons, inboundIds),
    ]);
    adding(transferred, marked);
    const missing = takeKept(given.versions, toLoad, kept, cache);
    for (const [id, version] of given.versions) versions.set(id, version);
    said.push(...given.said);
    const earlier = earlierVersions(known.events, new Set(inboundIds));
    newPersons = adding(persons, [
      ...known.events.map((event) => event.patientId),
      ...[...kept.values()].flatMap((stay) => stay.patients()),
    ]);
    newStays = adding(
      stays,
      earlier.map((event) => event.stayId),
    );
    newlyReaching = adding(reaching, [
      ...transferred,
      ...earlier.filter(isProtecting).map((event) => event.patientId),
      ...personsSentOn([...known.events, ...events]),
    ]);
    if (newPersons.length + newStays.length + newlyReaching.length + missing === 0) {
      const again = known.events.flatMap(({ stayId, eventId }) => kept.get(stayId)?.events.get(eventId) ?? []);
      const loaded = known.events.filter(({ stayId }) => !kept.has(stayId));
      return { known: { ...known, events: loaded, again, kept: [...kept.values()], transferred, said }, versions };
    }
  }
}

/** What is known, and the version that the lock gave each stay. */
export interface Locked {
  readonly known: Known;
  readonly versions: ReadonlyMap<string, number>;
}

/** Takes stays that were just locked from the cache. @returns how many were not there as they are, and have to be loaded */
function takeKept(
  given: ReadonlyMap<string, number>,
  toLoad: Set<string>,
  kept: Map<string, StayCase>,
  cache: StayCache,
): number {
  let missing = 0;
  for (const [stayId, version] of given) {
    const stay = cache.take(stayId, version - 1);
    if (toLoad.has(stayId)) continue;
    if (stay) kept.set(stayId, stay);
    else {
      toLoad.add(stayId);
      missing++;
    }
  }
  return missing;
}

async function load(
  tx: Tx,
  stays: ReadonlySet<string>,
  persons: ReadonlySet<string>,
  inboundIds: readonly string[],
): Promise<Pick<Known, 'events' | 'told' | 'tasks' | 'claims'>> {
  const stayIds = [...stays];
  const [events, told, tasks, claims] = await Promise.all([
    eventsOf(tx, stayIds, inboundIds),
    noticesOf(tx, stayIds),
    tasksOf(tx, stayIds),
    claimsOf(tx, [...persons]),
  ]);
  return { events, told, tasks, claims };
}

/** Stored events of messages that the batch brings again. */
function earlierVersions(known: readonly StayEvent[], inboundIds: ReadonlySet<string>): StayEvent[] {
  return known.filter((event) => inboundIds.has(event.inboundId));
}

function isProtecting(event: StayEvent): boolean {
  return event.patient.protection !== undefined;
}

/** Puts ids into a set; answers with those that were not there. */
function adding(set: Set<string>, ids: readonly string[]): string[] {
  const added = distinct(ids).filter((id) => !set.has(id));
  for (const id of added) set.add(id);
  return added;
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
