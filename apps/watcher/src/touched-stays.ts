import { personsSentOn, type StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import { openFiles, patientsOf } from './stay-book.ts';
import type { StayFile } from './stay-file.ts';
import { LOCK_PERSONS, PLACES_OF_INBOUND, STAYS_OF_PERSONS } from './stay.queries.ts';

export interface Opened {
  readonly files: ReadonlyMap<string, StayFile>;
  /** Persons that are marked as having a transfer. */
  readonly marked: ReadonlySet<string>;
}

/**
 * Locks the persons and opens the files of all stays that a batch can touch: those of the events, those where a mended
 * reading finds its earlier self, and, where protection may change or one stay may go on in another, all of the person's.
 * Under a person's lock no stay can join them. A stay may know its person by an id that only its file shows: then there is
 * more to lock, perhaps out of order, and a deadlock runs the whole batch anew.
 */
export async function openTouched(tx: Tx, events: readonly StayEvent[]): Promise<Opened> {
  const places = await placesOf(tx, events);
  const files = new Map<string, StayFile>();
  const locked = new Set<string>();
  const marked = new Set<string>();
  const reached = new Set<string>();
  let persons = [...events.map((event) => event.patientId), ...places.map((place) => place.patient_id)];
  let stays = [...events.map((event) => event.stayId), ...places.map((place) => place.stay_id)];
  let reaching = [
    ...events.filter((event) => event.patient.protection !== undefined).map((event) => event.patientId),
    ...places.filter((place) => place.protected).map((place) => place.patient_id),
  ];
  for (;;) {
    for (const person of await lockPersons(tx, adding(locked, persons))) marked.add(person);
    const transferred = personsSentOn([...[...files.values()].flatMap(eventsIn), ...events]);
    const newlyReached = adding(reached, [...reaching, ...marked, ...transferred]);
    stays = [...stays, ...(await staysOf(tx, newlyReached))].filter((stay) => !files.has(stay));
    if (stays.length === 0) return { files, marked };
    for (const [stayId, file] of await openFiles(tx, stays)) files.set(stayId, file);
    persons = [...files.values()].flatMap(patientsOf);
    stays = [];
    reaching = [];
  }
}

interface Place {
  readonly stay_id: string;
  readonly patient_id: string;
  readonly protected: boolean;
}

async function placesOf(tx: Tx, events: readonly StayEvent[]): Promise<Place[]> {
  const { rows } = await tx.query<Place>(PLACES_OF_INBOUND([[...new Set(events.map((event) => event.inboundId))]]));
  return rows;
}

/** Locks persons; answers those that are marked as having a transfer. */
async function lockPersons(tx: Tx, persons: readonly string[]): Promise<string[]> {
  if (persons.length === 0) return [];
  const { rows } = await tx.query<{ patient_id: string; transferred: boolean }>(LOCK_PERSONS([persons]));
  return rows.filter((row) => row.transferred).map((row) => row.patient_id);
}

async function staysOf(tx: Tx, persons: readonly string[]): Promise<string[]> {
  if (persons.length === 0) return [];
  const { rows } = await tx.query<{ stay_id: string }>(STAYS_OF_PERSONS([persons]));
  return rows.map((row) => row.stay_id);
}

/** Puts ids into a set; answers with those that were not there. */
function adding(set: Set<string>, ids: readonly string[]): string[] {
  const added = [...new Set(ids)].filter((id) => !set.has(id));
  for (const id of added) set.add(id);
  return added;
}

/** All events of a stay's file. */
export function eventsIn(file: StayFile): StayEvent[] {
  return [...file.events.values()].map((kept) => kept.event);
}
