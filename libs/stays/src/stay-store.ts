import { upgradeStoredEvent, type ProtectionClaim, type StayEvent } from '#libs/domain';
import { textArray, type Tx } from '#libs/persistence';
import type { KeptEvent } from './event-set.ts';

/** Anything that a statement can be sent to: a transaction, or a pool where nothing has to be locked. */
export type Reader = Pick<Tx, 'query'>;

/*
 * The tables `person`, `stay` and `event` of a schema. The router and the watcher each have their own, with the same columns;
 * ids are `uuid` in one and `text` in the other, which these statements need not know: an id is compared with a column by
 * `any`, and PostgreSQL casts a uuid that is put into a column of text.
 *
 * Who inserts a row that is there already updates it, which locks it, in the order of the select. Of persons only those are
 * written anew who were sent on, so that the lock also tells who they are; a conflict that updates nothing locks all the
 * same. A stay's lock moves its version: who finds it as they left it knows that nobody had the stay since.
 */
const LOCK_PERSONS = `
insert into person as p (patient_id) select id from unnest($1::uuid[]) as id order by id
on conflict (patient_id) do update set patient_id = excluded.patient_id where p.transferred
returning patient_id, transferred`;

const LOCK_STAYS = `
insert into stay as s (stay_id) select id from unnest($1::uuid[]) as id order by id
on conflict (stay_id) do update set lock_version = s.lock_version + 1
returning stay_id, lock_version::float8 as lock_version`;

const MARK_SENT_ON = `
update person set transferred = true where patient_id = any($1) and not transferred`;

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
export const STAY_STATEMENTS = { EVENTS_OF, PERSONS, STAYS_OF_PERSONS } as const;

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

/** The row of a stay as its lock left it. */
export interface StayRow {
  readonly stay_id: string;
  /** Moved by every lock: 0 when the lock made the row. */
  readonly lock_version: number;
}

/** The stays of one schema: their locks, and their events as they are read and written. */
export class StayStore<OwnColumns extends object = object> {
  readonly #schema: string;
  readonly #lockStays: string;

  /**
   * @param schema name of the schema; its statements are found by it in the database's own statistics
   * @param ownColumns of the table `stay` that the app alone has: they are read with the lock of a stay
   */
  constructor(schema: string, ownColumns: readonly (keyof OwnColumns & string)[] = []) {
    this.#schema = schema;
    this.#lockStays = [LOCK_STAYS, ...ownColumns].join(', ');
  }

  /** Locks persons until the end of the transaction. @returns those who were sent on, as seen under the lock */
  async lockPersons(tx: Tx, patientIds: readonly string[]): Promise<string[]> {
    if (patientIds.length === 0) return [];
    const rows = await this.#run<{ patient_id: string; transferred: boolean }>(tx, 'lock-persons', LOCK_PERSONS, [
      patientIds,
    ]);
    return rows.filter((row) => row.transferred).map((row) => row.patient_id);
  }

  /** Locks stays until the end of the transaction, also those that nothing is known of yet. @returns the row of each */
  async lockStays(tx: Tx, stayIds: readonly string[]): Promise<(StayRow & OwnColumns)[]> {
    return stayIds.length === 0 ? [] : this.#run(tx, 'lock-stays', this.#lockStays, [stayIds]);
  }

  /** Notes of locked persons that a stay of theirs may go on in another. Never taken back: one too many only reads more. */
  async markSentOn(tx: Tx, patientIds: readonly string[]): Promise<void> {
    if (patientIds.length > 0) await this.#run(tx, 'mark-sent-on', MARK_SENT_ON, [patientIds]);
  }

  /** Ids of the stays that some event of these persons belongs to. */
  async staysOf(reader: Reader, patientIds: readonly string[]): Promise<string[]> {
    if (patientIds.length === 0) return [];
    const rows = await this.#run<{ stay_id: string }>(reader, 'stays-of-persons', STAYS_OF_PERSONS, [patientIds]);
    return rows.map((row) => row.stay_id);
  }

  /** The events of these stays, and those of these inbound messages wherever they are. */
  async eventsOf(reader: Reader, stayIds: readonly string[], inboundIds: readonly string[] = []): Promise<KeptEvent[]> {
    const rows = await this.#run<{ body: string; published_at: number }>(reader, 'events-of', EVENTS_OF, [
      stayIds,
      inboundIds,
    ]);
    // A state of the version before holds events as that had them, until a replay has read their messages anew.
    return rows.map((row) => ({ event: upgradeStoredEvent(JSON.parse(row.body)), publishedAt: row.published_at }));
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
      of((event) => event.patient.protection ?? null),
      of((event) => event.intakeAt),
      kept.map(({ publishedAt }) => publishedAt),
      textArray(of((event) => JSON.stringify(event))),
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
