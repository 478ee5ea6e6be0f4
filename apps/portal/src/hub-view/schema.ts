import { definePlainMigration, messagingTables, type PlainMigration } from '#libs/persistence';

export const HUB_SCHEMA = 'portal_hub';
/** Columns of the key of `resource`: an id made by the hub is one thing, whoever looks at it. */
export const HUB_KEY = 'type, id';

/**
 * The sender's and the operator's view. `audience` is the organisation (HSA-id) whose wards it is about, or the owner of
 * a Task; the operator sees every row. Not for parties: their database role cannot read this schema.
 */
const RESOURCES = `
create table resource (
  audience text,
  type text not null,
  id text not null,
  version int not null,
  source_version int,
  updated_at bigint not null,
  protection text,
  status text,
  code text,
  actor text,
  encounter text,
  subject text,
  moment bigint,
  name text,
  body text not null,
  primary key (${HUB_KEY})
);
create index resource_by_update on resource (type, updated_at, id);
create index resource_by_audience on resource (audience, type, updated_at, id);
create index resource_by_moment on resource (type, moment, id) where moment is not null;
create index resource_by_code on resource (type, code, updated_at, id) where code is not null;
create index resource_by_encounter on resource (encounter) where encounter is not null;
create index resource_by_subject on resource (subject) where subject is not null;`;

/** The events of each stay are its state: the Encounter is their fold (architecture 2.5). */
const STAYS = `
create table person (
  patient_id text primary key,
  protection text
);
create table stay (
  stay_id text primary key,
  organisation text,
  patient_id text,
  subject text,
  protection text
);
create index stay_by_patient on stay (patient_id) where patient_id is not null;
create table event (
  event_id text primary key,
  stay_id text not null,
  inbound_id text not null,
  revision int not null,
  visit_id text,
  body text not null
);
create index event_by_stay on event (stay_id);
create index event_by_inbound on event (inbound_id);
create table withdrawn (
  communication_id text primary key
);
create table poison (
  topic text not null,
  part int not null,
  at_offset bigint not null,
  error_code text not null,
  at bigint not null,
  primary key (topic, part, at_offset)
);`;

/** Migrations of the sender's and the operator's view; forward only. */
export const HUB_MIGRATIONS: readonly PlainMigration[] = [
  ...messagingTables(HUB_SCHEMA),
  definePlainMigration('0001-hub-view', RESOURCES),
  definePlainMigration('0002-stays', STAYS),
];
