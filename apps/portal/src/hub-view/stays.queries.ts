import { upgradeStoredEvent, type Protection } from '#libs/domain';
import { textArray, type Tx } from '#libs/persistence';
import type { KeptEvent } from './event-set.ts';
import { HUB_SCHEMA } from './schema.ts';

/** Locks come in one order for all: persons by id, then stays by id (architecture 2.6). */
const PERSONS = `
insert into ${HUB_SCHEMA}.person as p (patient_id, protection)
select n.patient_id, n.protection from unnest($1::text[], $2::text[]) as n (patient_id, protection) order by n.patient_id
on conflict (patient_id) do update set protection = coalesce(p.protection, excluded.protection)
returning p.patient_id, p.protection`;

/** Locks persons, and labels those whose events state a protection. @returns the labels that hold now */
export async function lockPersons(
  tx: Tx,
  stated: ReadonlyMap<string, Protection | undefined>,
): Promise<Map<string, Protection>> {
  const { rows } = await tx.query<{ patient_id: string; protection: Protection | null }>({
    name: 'portal-persons',
    text: PERSONS,
    values: [[...stated.keys()], [...stated.values()]],
  });
  return new Map(rows.flatMap(({ patient_id, protection }) => (protection === null ? [] : [[patient_id, protection]])));
}

/** A stay as the view knows it: whose, and about whom. */
export interface KnownStay {
  readonly stayId: string;
  readonly organisation?: string | undefined;
  readonly patientId?: string | undefined;
  /** Patient.id in the sender's view. */
  readonly subject?: string | undefined;
  readonly protection?: Protection | undefined;
}

const STAYS = `
insert into ${HUB_SCHEMA}.stay as s (stay_id, organisation, patient_id, subject, protection)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as n (stay_id, organisation, patient_id, subject, protection)
order by n.stay_id
on conflict (stay_id) do update set organisation = coalesce(excluded.organisation, s.organisation),
  patient_id = coalesce(excluded.patient_id, s.patient_id), subject = coalesce(excluded.subject, s.subject),
  protection = coalesce(s.protection, excluded.protection)
returning s.stay_id as "stayId", s.organisation, s.patient_id as "patientId", s.subject, s.protection`;

/** Locks stays, whether their events have come or only a receipt, and keeps what is new about them. @returns what is known */
export async function lockStays(tx: Tx, stays: readonly KnownStay[]): Promise<Map<string, KnownStay>> {
  const { rows } = await tx.query<{ [K in keyof KnownStay]-?: string | null }>({
    name: 'portal-stays',
    text: STAYS,
    values: [
      stays.map(({ stayId }) => stayId),
      stays.map(({ organisation }) => organisation),
      stays.map(({ patientId }) => patientId),
      stays.map(({ subject }) => subject),
      stays.map(({ protection }) => protection),
    ],
  });
  return new Map(rows.map((row) => [row.stayId ?? '', stayOf(row)]));
}

function stayOf(row: { [K in keyof KnownStay]-?: string | null }): KnownStay {
  return {
    stayId: row.stayId ?? '',
    organisation: row.organisation ?? undefined,
    patientId: row.patientId ?? undefined,
    subject: row.subject ?? undefined,
    protection: (row.protection ?? undefined) as Protection | undefined,
  };
}

const EVENTS = `
select body, visit_id from ${HUB_SCHEMA}.event where stay_id = any($1)
union all
select body, visit_id from ${HUB_SCHEMA}.event where inbound_id = any($2) and not stay_id = any($1)`;

/** All events of some stays and of some inbound messages. */
export async function loadEvents(
  tx: Tx,
  stayIds: readonly string[],
  inboundIds: readonly string[],
): Promise<KeptEvent[]> {
  const { rows } = await tx.query<{ body: string; visit_id: string | null }>({
    name: 'portal-events',
    text: EVENTS,
    values: [stayIds, inboundIds],
  });
  return rows.map(({ body, visit_id }) => ({
    event: upgradeStoredEvent(JSON.parse(body)),
    visitId: visit_id ?? undefined,
  }));
}

const PUT = `
insert into ${HUB_SCHEMA}.event (event_id, stay_id, inbound_id, revision, visit_id, body)
select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[])
on conflict (event_id) do update set stay_id = excluded.stay_id, inbound_id = excluded.inbound_id,
  revision = excluded.revision, visit_id = excluded.visit_id, body = excluded.body`;

/** Keeps events; one that is there in another revision is replaced. */
export async function keepEvents(tx: Tx, kept: readonly KeptEvent[]): Promise<void> {
  if (kept.length === 0) return;
  await tx.query({
    name: 'portal-keep-events',
    text: PUT,
    values: [
      kept.map(({ event }) => event.eventId),
      kept.map(({ event }) => event.stayId),
      kept.map(({ event }) => event.inboundId),
      kept.map(({ event }) => event.revision),
      kept.map(({ visitId }) => visitId),
      textArray(kept.map(({ event }) => JSON.stringify(event))),
    ],
  });
}

/** Removes events that a higher revision of their message no longer has. */
export async function removeEvents(tx: Tx, eventIds: readonly string[]): Promise<void> {
  if (eventIds.length > 0) await tx.query(`delete from ${HUB_SCHEMA}.event where event_id = any($1)`, [eventIds]);
}

/** A stay whose events all went to another stay by a mend of the translation never was. */
export async function voidStays(tx: Tx, stayIds: readonly string[], at: number): Promise<void> {
  if (stayIds.length === 0) return;
  await tx.query(
    `update ${HUB_SCHEMA}.resource set status = 'entered-in-error', body = jsonb_set(body::jsonb, '{status}', '"entered-in-error"')::text,
       version = version + 1, updated_at = $2 where type = 'Encounter' and id = any($1) and status <> 'entered-in-error'`,
    [stayIds, at],
  );
}

/** Receipts that came before the events of their stay get their sender. */
const CLAIM = `
update ${HUB_SCHEMA}.resource set audience = n.organisation
from unnest($1::text[], $2::text[]) as n (stay_id, organisation)
where encounter = n.stay_id and type = 'Communication' and audience is null`;

export async function claimCommunications(tx: Tx, stays: readonly KnownStay[]): Promise<void> {
  if (stays.length === 0) return;
  const values = [stays.map(({ stayId }) => stayId), stays.map(({ organisation }) => organisation)];
  await tx.query({ name: 'portal-claim', text: CLAIM, values });
}

const PROTECT_STAYS = `
update ${HUB_SCHEMA}.stay s set protection = p.protection
from ${HUB_SCHEMA}.person p where s.patient_id = p.patient_id and p.patient_id = any($1) and s.protection is null`;
const PROTECT_RESOURCES = `
update ${HUB_SCHEMA}.resource r set protection = s.protection, version = r.version + 1, updated_at = $2
from ${HUB_SCHEMA}.stay s where s.patient_id = any($1) and r.protection is null`;

/** Protection stated by one sender holds for all stays of the person (rules 12.6), in every row about them. */
export async function protectPersons(tx: Tx, patientIds: readonly string[], at: number): Promise<void> {
  if (patientIds.length === 0) return;
  await Promise.all([
    tx.query(PROTECT_STAYS, [patientIds]),
    tx.query(`${PROTECT_RESOURCES} and r.encounter = s.stay_id`, [patientIds, at]),
    tx.query(`${PROTECT_RESOURCES} and r.type = 'Patient' and r.id = s.subject`, [patientIds, at]),
  ]);
}
