import { personsSentOn, type StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { Known } from './case-book.ts';
import { claimsOf, eventsOf } from './event.queries.ts';
import { lockPersons, lockStays, staysOfPersons } from './lock.queries.ts';
import { noticesOf } from './notice.queries.ts';
import { tasksOf } from './task.queries.ts';

/**
 * Locks every person and every stay that a batch can touch, then loads what is known of them (architecture 2.6).
 *
 * The persons and stays of the events themselves are known beforehand. Where a person's protection may change, or one stay
 * may go on in another after a transfer, all stays of that person are touched. A mended translation may touch others: those
 * that an earlier version of the message named; and a stay may know its person by other ids. They are seen only while
 * loading; then they are locked too and all is loaded again. Such a late lock may be out of order: a deadlock, should one
 * come, runs the whole batch anew.
 */
export async function lockAndLoad(tx: Tx, events: readonly StayEvent[]): Promise<Known> {
  const inboundIds = distinct(events.map((event) => event.inboundId));
  const persons = new Set(events.map((event) => event.patientId));
  const stays = new Set(events.map((event) => event.stayId));
  // Persons whose other stays are touched.
  const reaching = new Set(events.filter(isProtecting).map((event) => event.patientId));
  adding(reaching, personsSentOn(events));
  const transferred = new Set<string>();
  let newPersons = [...persons];
  let newStays = [...stays];
  for (;;) {
    if (newPersons.length > 0) {
      const marked = await lockPersons(tx, newPersons);
      adding(transferred, marked);
      adding(reaching, marked);
    }
    if (reaching.size > 0) newStays.push(...adding(stays, await staysOfPersons(tx, [...reaching])));
    if (newStays.length > 0) await lockStays(tx, newStays);
    const known = await eventsOf(tx, [...stays], inboundIds);
    const earlier = earlierVersions(known, new Set(inboundIds));
    newPersons = adding(
      persons,
      known.map((event) => event.patientId),
    );
    newStays = adding(
      stays,
      earlier.map((event) => event.stayId),
    );
    const newlyReaching = adding(reaching, [
      ...earlier.filter(isProtecting).map((event) => event.patientId),
      ...personsSentOn([...known, ...events]),
    ]);
    if (newPersons.length + newStays.length + newlyReaching.length === 0) {
      return { ...(await load(tx, known, stays, persons)), transferred };
    }
  }
}

async function load(
  tx: Tx,
  events: readonly StayEvent[],
  stays: ReadonlySet<string>,
  persons: ReadonlySet<string>,
): Promise<Omit<Known, 'transferred'>> {
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
