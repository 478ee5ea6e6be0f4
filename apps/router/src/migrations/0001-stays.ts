import { definePlainMigration } from '#libs/persistence';

/**
 * person, stay: rows to lock, in the order of their ids; nothing is kept in them.
 * event: the set of events of each stay (architecture 2.5). `protection` is the label that the event states for its patient.
 */
export const stays = definePlainMigration(
  '0001-stays',
  `
create table person (
  patient_id uuid primary key
) with (fillfactor = 80);

create table stay (
  stay_id uuid primary key
) with (fillfactor = 80);

create table event (
  event_id uuid primary key,
  stay_id uuid not null,
  patient_id uuid not null,
  inbound_id uuid not null,
  revision bigint not null,
  intake_at bigint not null,
  protection text,
  body json not null
);
create index event_of_stay on event (stay_id);
create index event_of_inbound on event (inbound_id);
create index event_of_patient on event (patient_id);
create index event_protecting on event (patient_id) where protection is not null;
`,
);
