import { upgradeStoredEvent, type Protection, type ProtectionClaim, type StayEvent } from '#libs/domain';
import { textArray, type Tx } from '#libs/persistence';

/** The last condition finds events of the same messages that an earlier translation put into another stay. */
const EVENTS_OF = `
select body from event where stay_id = any($1::uuid[])
union all
select body from event where inbound_id = any($2::uuid[]) and not stay_id = any($1::uuid[])`;

const CLAIMS_OF = `
select patient_id, event_id, protection, intake_at from event
where protection is not null and patient_id = any($1::uuid[])`;

const PUT_EVENTS = `
insert into event (event_id, stay_id, patient_id, inbound_id, revision, intake_at, protection, body)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::text[], $8::json[])
on conflict (event_id) do update set
  stay_id = excluded.stay_id, patient_id = excluded.patient_id, inbound_id = excluded.inbound_id,
  revision = excluded.revision, intake_at = excluded.intake_at, protection = excluded.protection, body = excluded.body`;

const REMOVE_EVENTS = `
delete from event where event_id = any($1::uuid[])`;

/** The events of these stays, and those of these inbound messages wherever they are. */
export async function eventsOf(
  tx: Pick<Tx, 'query'>,
  stayIds: readonly string[],
  inboundIds: readonly string[],
): Promise<StayEvent[]> {
  const query = { name: 'router-events-of', text: EVENTS_OF, values: [stayIds, inboundIds] };
  const { rows } = await tx.query<{ body: unknown }>(query);
  // A state of the version before holds events as that had them, until a replay has read their messages anew.
  return rows.map((row) => upgradeStoredEvent(row.body));
}

interface ClaimRow {
  patient_id: string;
  event_id: string;
  protection: Protection;
  intake_at: string;
}

/** All that protects one of these persons, whatever stay it was said in. */
export async function claimsOf(tx: Pick<Tx, 'query'>, patientIds: readonly string[]): Promise<ProtectionClaim[]> {
  const { rows } = await tx.query<ClaimRow>({ name: 'router-claims-of', text: CLAIMS_OF, values: [patientIds] });
  return rows.map((row) => ({
    patientId: row.patient_id,
    eventId: row.event_id,
    label: row.protection,
    since: Number(row.intake_at),
  }));
}

/** Writes events, new or in another version. */
export async function putEvents(tx: Tx, events: readonly StayEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query({
    name: 'router-put-events',
    text: PUT_EVENTS,
    values: [
      events.map((event) => event.eventId),
      events.map((event) => event.stayId),
      events.map((event) => event.patientId),
      events.map((event) => event.inboundId),
      events.map((event) => event.revision),
      events.map((event) => event.intakeAt),
      events.map((event) => event.patient.protection ?? null),
      textArray(events.map((event) => JSON.stringify(event))),
    ],
  });
}

/** Removes events that a later translation of their message no longer has. */
export async function removeEvents(tx: Tx, eventIds: readonly string[]): Promise<void> {
  if (eventIds.length === 0) return;
  await tx.query({ name: 'router-remove-events', text: REMOVE_EVENTS, values: [eventIds] });
}
