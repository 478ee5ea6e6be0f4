import type { Patient } from 'fhir/r4.js';
import { textArray, type Tx } from '#libs/persistence';
import type { ToldStay } from './told-stay.ts';
import { PARTY_SCHEMA } from './schema.ts';

/** Stays and persons of a party are written under the lock of its topic's position alone: no lock of their own. */
const TOLD = `
select audience, stay_id as id, state as body, null as protection
from unnest($1::text[], $2::text[]) as w (audience, stay_id) join ${PARTY_SCHEMA}.told_stay using (audience, stay_id)
union all
select audience, id, body, coalesce(protection, '')
from unnest($1::text[], $3::text[]) as w (audience, id) join ${PARTY_SCHEMA}.resource using (audience, id) where type = 'Patient'`;

/** What a party's view has of some stays and persons, by their ids. */
export interface ToldBefore {
  readonly stays: Map<string, ToldStay>;
  readonly patients: Map<string, { readonly patient: Patient; readonly isProtected: boolean }>;
}

/** A party, and a stay and a person that it is told of; the ids are those of its own view. */
export interface Asked {
  readonly party: string;
  readonly stayId: string;
  readonly patientId: string;
}

/** In: whom is told of what. Out: what each of these parties has been told of it before. */
export async function toldBefore(tx: Tx, asked: readonly Asked[]): Promise<(party: string) => ToldBefore> {
  const { rows } = await tx.query<{ audience: string; id: string; body: string; protection: string | null }>({
    name: 'portal-told',
    text: TOLD,
    values: [
      asked.map(({ party }) => party),
      asked.map(({ stayId }) => stayId),
      asked.map(({ patientId }) => patientId),
    ],
  });
  const before = new Map<string, ToldBefore>();
  const of = (party: string): ToldBefore => {
    const known = before.get(party) ?? { stays: new Map(), patients: new Map() };
    before.set(party, known);
    return known;
  };
  for (const { audience, id, body, protection } of rows) {
    if (protection === null) of(audience).stays.set(id, JSON.parse(body) as ToldStay);
    else of(audience).patients.set(id, { patient: JSON.parse(body) as Patient, isProtected: protection !== '' });
  }
  return of;
}

const KEEP = `
insert into ${PARTY_SCHEMA}.told_stay (audience, stay_id, state)
select * from unnest($1::text[], $2::text[], $3::text[])
on conflict (audience, stay_id) do update set state = excluded.state`;

/** Keeps what parties have now been told of their stays. */
export async function keepTold(
  tx: Tx,
  told: readonly { readonly party: string; readonly stayId: string; readonly state: ToldStay }[],
): Promise<void> {
  if (told.length === 0) return;
  await tx.query({
    name: 'portal-keep-told',
    text: KEEP,
    values: [
      told.map(({ party }) => party),
      told.map(({ stayId }) => stayId),
      textArray(told.map(({ state }) => JSON.stringify(state))),
    ],
  });
}

const WITHDRAW = `
update ${PARTY_SCHEMA}.resource r set status = 'entered-in-error', version = version + 1, updated_at = $3
from unnest($1::text[], $2::text[]) as n (audience, id)
where r.audience = n.audience and r.type = 'Communication' and r.id = n.id and r.status <> 'entered-in-error'`;

/** Marks notices as withdrawn, once each, in the view of the party that was told. */
export async function withdrawTold(
  tx: Tx,
  withdrawn: readonly { readonly party: string; readonly id: string }[],
  at: number,
): Promise<void> {
  if (withdrawn.length === 0) return;
  const values = [withdrawn.map(({ party }) => party), withdrawn.map(({ id }) => id), at];
  await tx.query({ name: 'portal-withdraw-told', text: WITHDRAW, values });
}

const protect = (column: 'subject' | 'encounter') => `
update ${PARTY_SCHEMA}.resource r set protection = n.protection, version = version + 1, updated_at = $4
from unnest($1::text[], $2::text[], $3::text[]) as n (audience, id, protection)
where r.audience = n.audience and r.${column} = n.id and r.protection is null`;
const PROTECT_SUBJECTS = protect('subject');
const PROTECT_STAYS = protect('encounter');

/** A label, and the id of the person or stay, in a party's view, that it is of. */
export interface Label {
  readonly party: string;
  readonly of: string;
  readonly label: string;
}

const columnsOf = (labels: readonly Label[]): string[][] => [
  labels.map(({ party }) => party),
  labels.map(({ of }) => of),
  labels.map(({ label }) => label),
];

/** The label of a protected person follows every resource of theirs that the party has (architecture 5). */
export async function protectSubjects(tx: Tx, labels: readonly Label[], at: number): Promise<void> {
  if (labels.length === 0) return;
  await tx.query({ name: 'portal-protect-subjects', text: PROTECT_SUBJECTS, values: [...columnsOf(labels), at] });
}

/** The label of a protected visit follows what the party has of that stay, and of no other of the person's (DEC-23). */
export async function protectStays(tx: Tx, labels: readonly Label[], at: number): Promise<void> {
  if (labels.length === 0) return;
  await tx.query({ name: 'portal-protect-stays', text: PROTECT_STAYS, values: [...columnsOf(labels), at] });
}
