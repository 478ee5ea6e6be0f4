import { definePlainMigration } from '#libs/persistence';

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

export const HUB_STAYS = definePlainMigration('0002-hub-stays', STAYS);
