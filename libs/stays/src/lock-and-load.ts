import { mergedWith, patientsIn, personsSentOn, statesTransfer, type PersonEvent, type StayEvent } from '#libs/domain';
import type { Tx } from '#libs/persistence';
import type { KeptEvent } from './event-set.ts';
import type { KeptStays, StayInMemory } from './stay-cache.ts';
import type { StayRow, StayStore } from './stay-store.ts';

/** What a record of `events` may say: something of a stay, or of a person beside any stay. */
export type ArrivedEvent = StayEvent | PersonEvent;

/** True of what is said of a person beside any stay. */
export function isOfPerson(event: ArrivedEvent): event is PersonEvent {
  return 'patientIds' in event;
}

/** The stays that a batch can touch, under their locks. */
export interface LockedStays<Own, Stay = never, OwnColumns extends object = object> {
  /** The row of each stay as its lock left it, by stay id. */
  readonly rows: ReadonlyMap<string, StayRow & OwnColumns>;
  /** The stored events of each stay that was loaded; none of one that nothing is known of yet. */
  readonly events: ReadonlyMap<string, readonly KeptEvent[]>;
  /** Stays that were in memory, as the transaction before left them: nothing of them was loaded, but for `again`. */
  readonly inMemory: readonly Stay[];
  /** Stored events of stays in memory whose messages the batch brings again. */
  readonly again: readonly KeptEvent[];
  /** What was said of the persons concerned, and of whoever was merged with them, beside their stays. */
  readonly personEvents: readonly PersonEvent[];
  /** Persons that are marked as sent on, as seen under their locks. */
  readonly sentOn: ReadonlySet<string>;
  /** What the app itself keeps of the loaded stays, and of all persons. */
  readonly own: Own;
}

/** Where stays are loaded from. */
export interface Loading<Own, Stay, OwnColumns extends object> {
  readonly store: StayStore<OwnColumns>;
  /** Reads what an app keeps besides events. It is called anew whenever more stays or persons had to be locked. */
  readonly readOwn: (stayIds: readonly string[], patientIds: readonly string[]) => Promise<Own>;
  readonly kept: KeptStays<Stay>;
  /** The key that each stay came under, where the app keeps it. */
  readonly keys?: ReadonlyMap<string, string>;
  /** What a message is refused with that touches more stays than may be. */
  readonly tooMany: () => Error;
}

/**
 * So many stays one batch may touch because of whose they are. Nobody has as many; a sender's loop about one person makes them,
 * and a message on that person would lock and load them all, time after time, until the database breaks it off: its partition
 * would stand still for good. Such a message is set aside, and the partition moves on. Few persons with many stays who were taken
 * for each other once count together, as those of a simulated county are.
 */
export const MOST_OF_PERSONS = 1000;

/**
 * Locks every person and every stay that a batch can touch, then loads what is known of them (architecture 2.6). Everybody
 * locks in one order: persons by id, then stays by id.
 *
 * The persons and stays of the events themselves are known beforehand. Where a person's protection may change, or one stay
 * may go on in another after a transfer, or something is said of the person beside them, all stays of that person are touched,
 * and of whoever was merged with that person. A mended translation may touch others: those
 * that an earlier version of the message named; and a stay may know its person by other ids. They are seen only while
 * loading; then they are locked too and all is loaded again. So is the stay that one has been joined to by the operator, and so
 * are both of which that is said. Such a late lock may be out of order: a deadlock, should one come, runs the whole batch anew.
 *
 * A stay that is in memory is not loaded, when its version says that nobody had it since. A transfer in it makes its person's
 * other stays matter: such a stay is loaded.
 * @throws what `tooMany` makes, when a person has more stays than may be touched at once
 */
export async function lockAndLoad<Own, Stay extends StayInMemory, OwnColumns extends object = object>(
  tx: Tx,
  arrived: readonly ArrivedEvent[],
  { store, readOwn, kept, keys, tooMany }: Loading<Own, Stay, OwnColumns>,
): Promise<LockedStays<Own, Stay, OwnColumns>> {
  const inboundIds = distinct(arrived.map((event) => event.inboundId));
  const events = arrived.filter((event): event is StayEvent => !isOfPerson(event));
  const spoken = arrived.filter(isOfPerson);
  const persons = new Set([...patientsIn(events), ...spoken.flatMap(({ patientIds }) => patientIds)]);
  const stays = new Set(events.map((event) => event.stayId));
  // Persons whose other stays are touched.
  const reaching = new Set<string>();
  const sentOn = new Set<string>();
  // Persons of whom something was said beside their stays.
  const spokenOf = new Set<string>();
  let said: readonly PersonEvent[] = [];
  const rows = new Map<string, StayRow & OwnColumns>();
  const inMemory = new Map<string, Stay>();
  const toLoad = new Set(events.filter(statesTransfer).map((event) => event.stayId));
  // Events may go from one stay to another: all of them are needed as they were stored.
  const regroups = spoken.some(({ says: { kind } }) => kind === 'stays-joined' || kind === 'undone');
  let newPersons = [...persons];
  let newStays = [...stays];
  let newlyReaching = adding(reaching, [
    ...spoken.flatMap(({ patientIds }) => patientIds),
    ...protectedIn(events),
    ...personsSentOn(events),
  ]);
  const lockPersons = async (): Promise<void> => {
    const marked = await store.lockPersons(tx, newPersons);
    adding(sentOn, marked.sentOn);
    adding(spokenOf, marked.spokenOf);
  };
  for (;;) {
    if (newlyReaching.length > 0) {
      await lockPersons();
      newPersons = [];
      const ofPersons = await store.staysOf(tx, [...reaching, ...sentOn]);
      if (ofPersons.length > MOST_OF_PERSONS) throw tooMany();
      newStays.push(...adding(stays, ofPersons));
    }
    for (const id of newStays) if (regroups || !kept.has(id)) toLoad.add(id);
    // Sent together, and run in this order: what is read is read under the locks.
    const [, locked, stored, own] = await Promise.all([
      lockPersons(),
      store.lockStays(tx, newStays, keys),
      store.eventsOf(tx, [...toLoad], inboundIds),
      readOwn([...toLoad], [...persons]),
    ]);
    if (spokenOf.size + spoken.length > 0) said = await store.personEventsOf(tx, [...spokenOf], inboundIds);
    for (const row of locked) rows.set(row.stay_id, row);
    const missing = takeKept(locked, toLoad, inMemory, kept);
    const known = stored.map(({ event }) => event);
    const earlier = earlierVersions(known, new Set(inboundIds));
    newPersons = adding(persons, [
      ...patientsIn(known),
      ...[...inMemory.values()].flatMap((stay) => stay.patients()),
      ...said.flatMap(({ patientIds }) => patientIds),
    ]);
    newStays = adding(stays, [
      ...earlier.map((event) => event.stayId),
      ...locked.flatMap(({ joined_into: into }) => into ?? []),
      ...(spoken.length > 0 ? [...said, ...spoken].flatMap(({ says }) => joinedBy(says)) : []),
    ]);
    const readBefore = said.filter(({ inboundId }) => inboundIds.includes(inboundId));
    const reached = [
      ...sentOn,
      ...protectedIn(earlier),
      ...personsSentOn([...known, ...events]),
      ...readBefore.flatMap(({ patientIds }) => patientIds),
    ];
    newlyReaching = adding(reaching, [...reached, ...mergedWith([...reaching, ...reached], [...said, ...spoken])]);
    if (newPersons.length + newStays.length + newlyReaching.length + missing === 0) {
      const again = stored.filter(({ event }) => inMemory.has(event.stayId));
      const loaded = byStay(toLoad, stored);
      return { rows, events: loaded, inMemory: [...inMemory.values()], again, personEvents: said, sentOn, own };
    }
  }
}

/** Takes stays that were just locked out of memory. @returns how many were not there as they are, and have to be loaded */
function takeKept<Stay>(
  locked: readonly StayRow[],
  toLoad: Set<string>,
  inMemory: Map<string, Stay>,
  kept: KeptStays<Stay>,
): number {
  let missing = 0;
  for (const { stay_id: stayId, lock_version: version } of locked) {
    const stay = kept.take(stayId, version - 1);
    if (toLoad.has(stayId)) continue;
    if (stay) inMemory.set(stayId, stay);
    else {
      toLoad.add(stayId);
      missing++;
    }
  }
  return missing;
}

/** Stays that are locked for another reason than an event. */
export interface StaysInMemory<Stay> {
  /** By stay id. */
  readonly rows: ReadonlyMap<string, StayRow>;
  /** Those in memory, as the transaction before left them. */
  readonly inMemory: readonly Stay[];
}

/** Locks stays until the end of the transaction and loads nothing: of those that are not in memory there is the row alone. */
export async function lockInMemory<Stay>(
  tx: Tx,
  stayIds: Iterable<string>,
  { store, kept }: Pick<Loading<unknown, Stay, object>, 'store' | 'kept'>,
): Promise<StaysInMemory<Stay>> {
  const locked = await store.lockStays(tx, distinct(stayIds));
  const inMemory = locked.flatMap((row) => kept.take(row.stay_id, row.lock_version - 1) ?? []);
  return { rows: new Map(locked.map((row) => [row.stay_id, row])), inMemory };
}

/**
 * Locks stays that are judged for another reason than an event, and loads those that are not in memory under that lock: what
 * another transaction changed meanwhile is seen. Their persons are not locked, so nothing may be written of them.
 */
export async function lockStays<Own, Stay extends { readonly stayId: string }>(
  tx: Tx,
  stayIds: Iterable<string>,
  loading: Loading<Own, Stay, object>,
): Promise<StaysInMemory<Stay> & Pick<LockedStays<Own>, 'events' | 'own'>> {
  const { rows, inMemory } = await lockInMemory(tx, stayIds, loading);
  const known = new Set(inMemory.map(({ stayId }) => stayId));
  const toLoad = [...rows.keys()].filter((stayId) => !known.has(stayId));
  return { rows, inMemory, ...(await loadLocked(tx, toLoad, loading)) };
}

/** Loads stays that this transaction has locked. */
export async function loadLocked<Own>(
  tx: Tx,
  stayIds: readonly string[],
  { store, readOwn }: Pick<Loading<Own, unknown, object>, 'store' | 'readOwn'>,
): Promise<Pick<LockedStays<Own>, 'events' | 'own'>> {
  const [stored, own] = await Promise.all([store.eventsOf(tx, stayIds), readOwn(stayIds, [])]);
  return { events: byStay(stayIds, stored), own };
}

/** Stored events of messages that the batch brings again. */
function earlierVersions(known: readonly StayEvent[], inboundIds: ReadonlySet<string>): StayEvent[] {
  return known.filter((event) => inboundIds.has(event.inboundId));
}

function joinedBy(says: PersonEvent['says']): string[] {
  return says.kind === 'stays-joined' ? [says.from, says.into] : [];
}

function protectedIn(events: readonly StayEvent[]): string[] {
  return events.filter((event) => event.patient.protection !== undefined).map((event) => event.patientId);
}

function byStay(stayIds: Iterable<string>, stored: readonly KeptEvent[]): Map<string, readonly KeptEvent[]> {
  const groups = Map.groupBy(stored, ({ event }) => event.stayId);
  return new Map([...stayIds].map((stayId) => [stayId, groups.get(stayId) ?? []]));
}

/** Puts ids into a set; answers with those that were not there. */
function adding(set: Set<string>, ids: readonly string[]): string[] {
  const added = distinct(ids).filter((id) => !set.has(id));
  for (const id of added) set.add(id);
  return added;
}

function distinct(ids: Iterable<string>): string[] {
  return [...new Set(ids)];
}
