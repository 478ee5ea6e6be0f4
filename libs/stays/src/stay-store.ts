import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  claimOf,
  upgradeStoredEvent,
  type Home,
  type PersonEvent,
  type ProtectionClaim,
  type StayEvent,
} from '#libs/domain';
import { jsonArray, type Tx } from '#libs/persistence';
import type { KeptEvent } from './event-set.ts';

/** Anything that a statement can be sent to: a transaction, or a pool where nothing has to be locked. */
export type Reader = Pick<Tx, 'query'>;

/*
 * The tables `person`, `stay`, `event` and `person_event` of a schema. The router and the watcher each have their own, with the same columns;
 * ids are `uuid` in one and `text` in the other, which these statements need not know: an id is compared with a column by
 * `any`, and PostgreSQL casts a uuid that is put into a column of text.
 *
 * Who inserts a row that is there already updates it, which locks it, in the order of the select. Of persons only those are
 * written anew who were sent on or of whom something was said beside their stays, so that the lock also tells who they are; a conflict that updates nothing locks all the
 * same. A stay's lock moves its version: who finds it as they left it knows that nobody had the stay since.
 */
const LOCK_PERSONS = `
insert into person as p (patient_id) select id from unnest($1::uuid[]) as id order by id
on conflict (patient_id) do update set patient_id = excluded.patient_id where p.transferred or p.spoken_of
returning patient_id, transferred, spoken_of`;

const LOCKED_COLUMNS = `stay_id, lock_version::float8 as lock_version, joined_into, joined_at::float8 as joined_at`;

const LOCK_STAYS = `
insert into stay as s (stay_id) select id from unnest($1::uuid[]) as id order by id
on conflict (stay_id) do update set lock_version = s.lock_version + 1
returning ${LOCKED_COLUMNS}`;

/**
 * Where the app keeps the key that a stay came under: $2 the key of each, or null, which leaves it as it is. Set by an update of its
 * own it would make a second version of each new row and a dead entry in each index, which no vacuum takes away while they are few
 * among many; every later lock of the stay would then log its index page anew.
 */
const LOCK_KEYED_STAYS = `
insert into stay as s (stay_id, spread_key) select id, key from unnest($1::uuid[], $2::text[]) as n (id, key) order by id
on conflict (stay_id) do update set lock_version = s.lock_version + 1, spread_key = coalesce(excluded.spread_key, s.spread_key)
returning ${LOCKED_COLUMNS}`;

/** $1 the stay that gives way, $2 the one that its messages are of, or null, $3 since when. The row is locked. */
const JOIN_STAY = `
update stay set joined_into = $2, joined_at = $3 where stay_id = $1`;

const JOINED_INTO = `
select joined_into from stay where stay_id = $1`;

const MARK_SENT_ON = `
update person set transferred = true where patient_id = any($1) and not transferred`;

/** What was said of persons beside their stays, and in messages that the batch brings again. */
const PERSON_EVENTS_OF = `
select body::text as body from person_event where patient_ids && $1::uuid[] or inbound_id = any($2::uuid[])`;

const PUT_PERSON_EVENTS = `
insert into person_event (event_id, inbound_id, patient_ids, body)
select event_id, inbound_id, patient_ids::uuid[], body
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::json[]) as p (event_id, inbound_id, patient_ids, body)
on conflict (event_id) do update set
  inbound_id = excluded.inbound_id, patient_ids = excluded.patient_ids, body = excluded.body`;

/** Written where it is not so yet; the rows are locked, and so are there. */
const MARK_SPOKEN_OF = `
update person set spoken_of = true where patient_id = any($1) and not spoken_of`;

const REMOVE_PERSON_EVENTS = `
delete from person_event where event_id = any($1::uuid[])`;

const STAYS_OF_PERSONS = `
select distinct stay_id from event where patient_id = any($1)`;

/** The last condition finds events of the same messages that an earlier translation put into another stay. */
const EVENTS_OF = `
select body::text as body, published_at::float8 as published_at from event where stay_id = any($1)
union all
select body::text, published_at::float8 from event where inbound_id = any($2) and not stay_id = any($1)`;

/** The claims that these persons are protected; and a row without a claim for each who was sent on. */
const PERSONS = `
select patient_id, event_id, protection, intake_at::float8 as intake_at from event
where patient_id = any($1) and protection is not null
union all
select patient_id, null, null, null from person where patient_id = any($1) and transferred`;

const PUT_EVENTS = `
insert into event (event_id, stay_id, inbound_id, patient_id, protection, intake_at, published_at, body)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::json[])
on conflict (event_id) do update set
  stay_id = excluded.stay_id, inbound_id = excluded.inbound_id, patient_id = excluded.patient_id,
  protection = excluded.protection, intake_at = excluded.intake_at, published_at = excluded.published_at,
  body = excluded.body`;

const REMOVE_EVENTS = `
delete from event where event_id = any($1)`;

/** The production statements, for tests that ask the planner how it would run them. */
export const STAY_STATEMENTS = { EVENTS_OF, PERSON_EVENTS_OF, PERSONS, STAYS_OF_PERSONS } as const;

/** The table of what was said of persons beside their stays: for the migration of each app that has these tables. */
export const PERSON_EVENT_TABLE = `
alter table person add column spoken_of boolean not null default false;
create table person_event (
  event_id uuid primary key,
  inbound_id uuid not null,
  patient_ids uuid[] not null,
  body json not null
);
create index person_event_patients on person_event using gin (patient_ids);
create index person_event_inbound on person_event (inbound_id);
`;

/**
 * stay.joined_into, joined_at: the operator has said that this stay is that one (`person/joined-stays.ts` of the domain), and when
 * that was taken in: its messages are events of that one. For the migration of each app that has these tables.
 */
export const JOINED_STAYS = `
alter table stay add column joined_into uuid;
alter table stay add column joined_at bigint;
create index stay_joined on stay (joined_into) where joined_into is not null;
`;

/** So many events are parsed before others go on. */
const READ_AT_ONCE = 500;

interface PersonRow {
  readonly patient_id: string;
  /** Null, with the rest: no claim, but the person was sent on. */
  readonly event_id: string | null;
  readonly protection: ProtectionClaim['label'] | null;
  readonly intake_at: number | null;
}

/** What is stored of persons, wherever it was said. */
export interface StoredPersons {
  readonly claims: readonly ProtectionClaim[];
  /** Ids of those with a stay that may go on in another (`personsSentOn` of the domain). */
  readonly sentOn: readonly string[];
}

interface LockedPersonRow {
  readonly patient_id: string;
  readonly transferred: boolean;
  readonly spoken_of: boolean;
}

/** Of locked persons those whose other stays, or of whom other words, matter; as seen under the lock. */
export interface LockedPersons {
  /** Those with a stay that may go on in another. */
  readonly sentOn: readonly string[];
  /** Those of whom something was said beside their stays. */
  readonly spokenOf: readonly string[];
}

/** The row of a stay as its lock left it. */
export interface StayRow {
  readonly stay_id: string;
  /** Moved by every lock: 0 when the lock made the row. */
  readonly lock_version: number;
  /** The stay that its messages are of, where the operator has joined it to another. */
  readonly joined_into: string | null;
  readonly joined_at: number | null;
}

/** The stays of one schema: their locks, and their events as they are read and written. */
export class StayStore<OwnColumns extends object = object> {
  readonly #schema: string;
  readonly #lockStays: string;
  readonly #keepsKeys: boolean;

  /**
   * @param schema name of the schema; its statements are found by it in the database's own statistics
   * @param ownColumns of the table `stay` that the app alone has: they are read with the lock of a stay
   * @param keepsKeys the table `stay` has a column `spread_key`, which is written with the lock of a stay
   */
  constructor(schema: string, ownColumns: readonly (keyof OwnColumns & string)[] = [], keepsKeys = false) {
    this.#schema = schema;
    this.#keepsKeys = keepsKeys;
    this.#lockStays = [keepsKeys ? LOCK_KEYED_STAYS : LOCK_STAYS, ...ownColumns].join(', ');
  }

  /** Locks persons until the end of the transaction. */
  async lockPersons(tx: Tx, patientIds: readonly string[]): Promise<LockedPersons> {
    if (patientIds.length === 0) return { sentOn: [], spokenOf: [] };
    const rows = await this.#run<LockedPersonRow>(tx, 'lock-persons', LOCK_PERSONS, [patientIds]);
    return {
      sentOn: rows.filter((row) => row.transferred).map((row) => row.patient_id),
      spokenOf: rows.filter((row) => row.spoken_of).map((row) => row.patient_id),
    };
  }

  /**
   * Locks stays until the end of the transaction, also those that nothing is known of yet.
   * @param keys the key that a stay came under now, by stay id; not of an app that keeps none
   * @returns the row of each
   */
  async lockStays(
    tx: Tx,
    stayIds: readonly string[],
    keys?: ReadonlyMap<string, string>,
  ): Promise<(StayRow & OwnColumns)[]> {
    if (stayIds.length === 0) return [];
    const values = this.#keepsKeys ? [stayIds, stayIds.map((id) => keys?.get(id) ?? null)] : [stayIds];
    return this.#run(tx, 'lock-stays', this.#lockStays, values);
  }

  /** Notes of locked persons that a stay of theirs may go on in another. Never taken back: one too many only reads more. */
  async markSentOn(tx: Tx, patientIds: readonly string[]): Promise<void> {
    if (patientIds.length > 0) await this.#run(tx, 'mark-sent-on', MARK_SENT_ON, [patientIds]);
  }

  /** What was said of these persons beside their stays, and in these inbound messages. */
  async personEventsOf(
    reader: Reader,
    patientIds: readonly string[],
    inboundIds: readonly string[] = [],
  ): Promise<PersonEvent[]> {
    if (patientIds.length + inboundIds.length === 0) return [];
    const rows = await this.#run<{ body: string }>(reader, 'person-events-of', PERSON_EVENTS_OF, [
      patientIds,
      inboundIds,
    ]);
    return rows.map((row) => JSON.parse(row.body) as PersonEvent);
  }

  /** Writes what a batch changed of what is said of persons. They are locked. */
  async putPersonEvents(
    tx: Tx,
    { put, removed }: { readonly put: readonly PersonEvent[]; readonly removed: readonly string[] },
  ): Promise<void> {
    if (removed.length > 0) await this.#run(tx, 'remove-person-events', REMOVE_PERSON_EVENTS, [removed]);
    if (put.length === 0) return;
    await this.#run(tx, 'put-person-events', PUT_PERSON_EVENTS, [
      put.map(({ eventId }) => eventId),
      put.map(({ inboundId }) => inboundId),
      put.map(({ patientIds }) => `{${patientIds.join()}}`),
      jsonArray(put.map((event) => JSON.stringify(event))),
    ]);
    await this.#run(tx, 'mark-spoken-of', MARK_SPOKEN_OF, [[...new Set(put.flatMap(({ patientIds }) => patientIds))]]);
  }

  /** Writes which stays give way to which, and which do no more. They are locked. */
  async joinStays(tx: Tx, joined: readonly (readonly [stay: string, home: Home | undefined])[]): Promise<void> {
    for (const [stay, home] of joined)
      await this.#run(tx, 'join-stay', JOIN_STAY, [stay, home?.into ?? null, home?.since ?? null]);
  }

  /** True of a stay that is another one now. */
  async givesWay(reader: Reader, stayId: string): Promise<boolean> {
    const rows = await this.#run<{ joined_into: string | null }>(reader, 'joined-into', JOINED_INTO, [stayId]);
    return rows.some((row) => row.joined_into !== null);
  }

  /** Ids of the stays that some event of these persons belongs to. */
  async staysOf(reader: Reader, patientIds: readonly string[]): Promise<string[]> {
    if (patientIds.length === 0) return [];
    const rows = await this.#run<{ stay_id: string }>(reader, 'stays-of-persons', STAYS_OF_PERSONS, [patientIds]);
    return rows.map((row) => row.stay_id);
  }

  /** The events of these stays, and those of these inbound messages wherever they are. */
  async eventsOf(reader: Reader, stayIds: readonly string[], inboundIds: readonly string[] = []): Promise<KeptEvent[]> {
    if (stayIds.length + inboundIds.length === 0) return [];
    const rows = await this.#run<{ body: string; published_at: number }>(reader, 'events-of', EVENTS_OF, [
      stayIds,
      inboundIds,
    ]);
    const kept: KeptEvent[] = [];
    for (const row of rows) {
      // A state of the version before holds events as that had them, until a replay has read their messages anew.
      kept.push({ event: upgradeStoredEvent(JSON.parse(row.body)), publishedAt: row.published_at });
      // Of a person with many long stays it takes long: others go on meanwhile.
      if (kept.length % READ_AT_ONCE === 0) await nextTurn();
    }
    return kept;
  }

  /** What is said of these persons in any of their stays. */
  async personsOf(reader: Reader, patientIds: readonly string[]): Promise<StoredPersons> {
    if (patientIds.length === 0) return { claims: [], sentOn: [] };
    const rows = await this.#run<PersonRow>(reader, 'persons', PERSONS, [patientIds]);
    return {
      claims: rows.flatMap(claimIn),
      sentOn: rows.filter((row) => row.event_id === null).map((row) => row.patient_id),
    };
  }

  /** Writes events, new or in another version. Their stays and persons are locked. */
  async putEvents(tx: Tx, kept: readonly KeptEvent[]): Promise<void> {
    if (kept.length === 0) return;
    const of = <T>(read: (event: StayEvent) => T): T[] => kept.map(({ event }) => read(event));
    await this.#run(tx, 'put-events', PUT_EVENTS, [
      of((event) => event.eventId),
      of((event) => event.stayId),
      of((event) => event.inboundId),
      of((event) => event.patientId),
      of((event) => claimOf(event)?.label ?? null),
      of((event) => event.intakeAt),
      kept.map(({ publishedAt }) => publishedAt),
      jsonArray(of((event) => JSON.stringify(event))),
    ]);
  }

  /** Removes events that a later translation of their message no longer has. */
  async removeEvents(tx: Tx, eventIds: readonly string[]): Promise<void> {
    if (eventIds.length > 0) await this.#run(tx, 'remove-events', REMOVE_EVENTS, [eventIds]);
  }

  async #run<Row extends object>(reader: Reader, name: string, text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await reader.query<Row>({ name: `${this.#schema}-${name}`, text, values });
    return rows;
  }
}

function claimIn(row: PersonRow): ProtectionClaim[] {
  const { patient_id: patientId, event_id: eventId, protection: label, intake_at: since } = row;
  return eventId === null || label === null || since === null ? [] : [{ patientId, eventId, label, since }];
}
