import type { Patient } from 'fhir/r4.js';
import type { Tx } from '#libs/persistence';
import type { ToldStay } from './told-stay.ts';
import { PARTY_SCHEMA } from './schema.ts';

/** Stays and persons of one party are written under the lock of its topic's position alone: no lock of their own. */
const TOLD = `
select stay_id as id, state as body, null as protection from ${PARTY_SCHEMA}.told_stay where audience = $1 and stay_id = any($2)
union all
select id, body, coalesce(protection, '') from ${PARTY_SCHEMA}.resource where audience = $1 and type = 'Patient' and id = any($3)`;

/** What a party's view has of some stays and persons, by their ids. */
export interface ToldBefore {
  readonly stays: ReadonlyMap<string, ToldStay>;
  readonly patients: ReadonlyMap<string, { readonly patient: Patient; readonly isProtected: boolean }>;
}

/** In: the party, ids of stays, ids of its persons. Out: what it has been told of them. */
export async function toldBefore(
  tx: Tx,
  party: string,
  stayIds: readonly string[],
  patientIds: readonly string[],
): Promise<ToldBefore> {
  const { rows } = await tx.query<{ id: string; body: string; protection: string | null }>({
    name: 'portal-told',
    text: TOLD,
    values: [party, stayIds, patientIds],
  });
  const stays = new Map<string, ToldStay>();
  const patients = new Map<string, { patient: Patient; isProtected: boolean }>();
  for (const { id, body, protection } of rows) {
    if (protection === null) stays.set(id, JSON.parse(body) as ToldStay);
    else patients.set(id, { patient: JSON.parse(body) as Patient, isProtected: protection !== '' });
  }
  return { stays, patients };
}

const KEEP = `
insert into ${PARTY_SCHEMA}.told_stay (audience, stay_id, state)
select $1, n.stay_id, n.state from unnest($2::text[], $3::text[]) as n (stay_id, state)
on conflict (audience, stay_id) do update set state = excluded.state`;

/** Keeps what a party has now been told of its stays. */
export async function keepTold(tx: Tx, party: string, stays: ReadonlyMap<string, ToldStay>): Promise<void> {
  if (stays.size === 0) return;
  const states = [...stays.values()].map((stay) => JSON.stringify(stay));
  await tx.query({ name: 'portal-keep-told', text: KEEP, values: [party, [...stays.keys()], states] });
}

const PROTECT = `
update ${PARTY_SCHEMA}.resource set protection = n.protection, version = version + 1, updated_at = $4
from unnest($2::text[], $3::text[]) as n (subject, protection)
where audience = $1 and resource.subject = n.subject and resource.protection is null`;

/** The label of a protected person follows every resource of theirs that the party has (architecture 5). */
export async function protectSubjects(
  tx: Tx,
  party: string,
  labels: ReadonlyMap<string, string>,
  at: number,
): Promise<void> {
  if (labels.size === 0) return;
  const values = [party, [...labels.keys()], [...labels.values()], at];
  await tx.query({ name: 'portal-protect-subjects', text: PROTECT, values });
}
