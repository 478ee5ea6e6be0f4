import type { StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { Known } from './case-book.ts';
import { claimsOf, eventsOf } from './event.queries.ts';
import { lockPersons, lockStays, staysOfPersons } from './lock.queries.ts';
import { noticesOf } from './notice.queries.ts';
import { tasksOf } from './task.queries.ts';

/**
 * Locks every person and every stay that a batch can touch, then loads what is known of them (architecture 2.6).
 *
 * The persons and stays of the events themselves are known beforehand. A mended translation may touch others: those that
 * an earlier version of the message named. They are seen only while loading; then they are locked too and all is loaded
 * again. Such a late lock may be out of order: a deadlock, should one come, runs the whole batch anew.
 */
export async function lockAndLoad(tx: Tx, events: readonly StayEvent[]): Promise<Known> {
  const inboundIds = distinct(events.map((event) => event.inboundId));
  const persons = new Set(events.map((event) => event.patientId));
  const stays = new Set(events.map((event) => event.stayId));
  const protectedPersons = new Set(events.filter(isProtecting).map((event) => event.patientId));
  let newPersons = [...persons];
  let newStays = [...stays];
  for (;;) {
    if (newPersons.length > 0) await lockPersons(tx, newPersons);
    if (protectedPersons.size > 0) {
      newStays.push(...adding(stays, await staysOfPersons(tx, [...protectedPersons])));
    }
    if (newStays.length > 0) await lockStays(tx, newStays);
    const known = await eventsOf(tx, [...stays], inboundIds);
    const earlier = earlierVersions(known, new Set(inboundIds));
    newPersons = adding(
      persons,
      earlier.map((event) => event.patientId),
    );
    newStays = adding(
      stays,
      earlier.map((event) => event.stayId),
    );
    const newlyProtected = adding(
      protectedPersons,
      earlier.filter(isProtecting).map((event) => event.patientId),
    );
    if (newPersons.length + newStays.length + newlyProtected.length === 0) return load(tx, known, stays, persons);
  }
}

async function load(
  tx: Tx,
  events: readonly StayEvent[],
  stays: ReadonlySet<string>,
  persons: ReadonlySet<string>,
): Promise<Known> {
  const stayIds = [...stays];
  const everyone = distinct([...persons, ...events.map((event) => event.patientId)]);
  const [told, tasks, claims] = await Promise.all([
    noticesOf(tx, stayIds),
    tasksOf(tx, stayIds),
    claimsOf(tx, everyone),
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
