import type { Tx } from '#libs/persistence';
import { saidStayOf, type StayRow } from './said-stays/said-stay.queries.ts';
import type { SaidStay } from './said-stays/said-stays.ts';

/**
 * Locks are taken in one order by everybody: persons by id, then stays by id (architecture 2.6). The lock is an
 * update, which makes the row when there is none, in the same statement and the same order; that of a stay moves its version.
 */
const LOCK_PERSONS = `
insert into person (patient_id)
select id from unnest($1::uuid[]) as p (id) order by id
on conflict (patient_id) do update set patient_id = excluded.patient_id
returning patient_id, transferred`;

const LOCK_STAYS = `
insert into stay as known (stay_id)
select id from unnest($1::uuid[]) as s (id) order by id
on conflict (stay_id) do update set lock_version = known.lock_version + 1
returning stay_id, lock_version, visit_id, version, fingerprint, part, unsaid`;

const MARK_TRANSFERRED = `
update person set transferred = true where patient_id = any($1::uuid[]) and not transferred`;

const STAYS_OF_PERSONS = `
select distinct stay_id from event where patient_id = any($1::uuid[])`;

/** Locks persons until the end of the transaction. In: distinct ids. Out: those with a transfer, as seen under the lock. */
export async function lockPersons(tx: Tx, patientIds: readonly string[]): Promise<string[]> {
  if (patientIds.length === 0) return [];
  const query = { name: 'router-lock-persons', text: LOCK_PERSONS, values: [patientIds] };
  const { rows } = await tx.query<{ patient_id: string; transferred: boolean }>(query);
  return rows.filter((row) => row.transferred).map((row) => row.patient_id);
}

/** Notes of locked persons that a stay of theirs has a transfer. */
export async function markTransferred(tx: Tx, patientIds: readonly string[]): Promise<void> {
  if (patientIds.length === 0) return;
  await tx.query({ name: 'router-mark-transferred', text: MARK_TRANSFERRED, values: [patientIds] });
}

/** Stays that were locked: the version that this lock gave each, by id, and what was last said of them. */
export interface LockedStays {
  readonly versions: ReadonlyMap<string, number>;
  readonly said: readonly SaidStay[];
}

/** Locks stays until the end of the transaction. In: distinct ids. */
export async function lockStays(tx: Tx, stayIds: readonly string[]): Promise<LockedStays> {
  if (stayIds.length === 0) return { versions: new Map(), said: [] };
  const query = { name: 'router-lock-stays', text: LOCK_STAYS, values: [stayIds] };
  const { rows } = await tx.query<StayRow & { lock_version: string }>(query);
  return {
    versions: new Map(rows.map((row) => [row.stay_id, Number(row.lock_version)])),
    said: rows.map(saidStayOf),
  };
}

/** The stays that some event of these persons belongs to. */
export async function staysOfPersons(tx: Pick<Tx, 'query'>, patientIds: readonly string[]): Promise<string[]> {
  const query = { name: 'router-stays-of-persons', text: STAYS_OF_PERSONS, values: [patientIds] };
  const { rows } = await tx.query<{ stay_id: string }>(query);
  return rows.map((row) => row.stay_id);
}
