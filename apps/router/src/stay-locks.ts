import { personsSentOn, type StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { Known } from './case-book.ts';
import { claimsOf, eventsOf } from './event.queries.ts';
import { lockPersons, lockStays, staysOfPersons } from './lock.queries.ts';
import { noticesOf } from './notice.queries.ts';
import type { SaidStay } from './said-stays/said-stays.ts';
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
  const reaching = new Set<string>();
  const transferred = new Set<string>();
  const said: SaidStay[] = [];
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
    const [marked, last, known] = await Promise.all([
      lockPersons(tx, newPersons),
      lockStays(tx, newStays),
      load(tx, stays, persons, inboundIds),
    ]);
    adding(transferred, marked);
    said.push(...last);
    const earlier = earlierVersions(known.events, new Set(inboundIds));
    newPersons = adding(
      persons,
      known.events.map((event) => event.patientId),
    );
    newStays = adding(
      stays,
      earlier.map((event) => event.stayId),
    );
    newlyReaching = adding(reaching, [
      ...transferred,
      ...earlier.filter(isProtecting).map((event) => event.patientId),
      ...personsSentOn([...known.events, ...events]),
    ]);
    if (newPersons.length + newStays.length + newlyReaching.length === 0) return { ...known, transferred, said };
  }
}

async function load(
  tx: Tx,
  stays: ReadonlySet<string>,
  persons: ReadonlySet<string>,
  inboundIds: readonly string[],
): Promise<Omit<Known, 'transferred' | 'said'>> {
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
