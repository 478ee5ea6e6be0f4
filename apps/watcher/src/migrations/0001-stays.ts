import { definePlainMigration } from '#libs/persistence';

/**
 * person, stay        rows to lock, in the order of their ids (architecture 2.6); a stay keeps the key it came under
 * event               the set of events of each stay: what everything else here is made from
 * deviation, reminder what was said of a stay, as last said; nothing is deleted
 * deadline            when a stay has to be judged again though nothing comes
 * receipt             when each notice was first there, by act
 * rejected            messages that could not be read, by the key of their stay
 * beat, outage        the merge of `uptime`: the latest beat, and the times without any
 * watermark           everything acknowledged at or before it has been applied
 * poison              records that could not be read at all
 * Instants are milliseconds since 1970.
 */
export const FIRST_TABLES = definePlainMigration(
  '0001-stays',
  `
create table person (
  patient_id text primary key
);
create table stay (
  stay_id text primary key,
  spread_key text
);
create index stay_spread_key on stay (spread_key) where spread_key is not null;
create table stay_person (
  patient_id text not null,
  stay_id text not null,
  primary key (patient_id, stay_id)
);
create table event (
  event_id text primary key,
  stay_id text not null,
  inbound_id text not null,
  patient_id text not null,
  protection text,
  trigger text not null,
  intake_at bigint not null,
  published_at bigint not null,
  body text not null
);
create index event_stay on event (stay_id);
create index event_inbound on event (inbound_id);
create index event_intake on event (intake_at);
create index event_protection on event (patient_id) where protection is not null;
create table deviation (
  id text primary key,
  stay_id text not null,
  code text not null,
  status text not null,
  due bigint not null,
  body text not null
);
create index deviation_stay on deviation (stay_id);
create index deviation_due on deviation (due) where status <> 'cancelled';
create table reminder (
  id text primary key,
  stay_id text not null,
  body text not null
);
create index reminder_stay on reminder (stay_id);
create table deadline (
  stay_id text not null,
  name text not null,
  at bigint not null,
  primary key (stay_id, name)
);
create index deadline_at on deadline (at, stay_id);
create table receipt (
  act_id text primary key,
  stay_id text not null,
  received_at bigint not null
);
create index receipt_stay on receipt (stay_id);
create table rejected (
  id text primary key,
  spread_key text not null,
  inbound_id text not null,
  trigger text,
  at bigint not null,
  published_at bigint not null
);
create index rejected_key on rejected (spread_key);
create table watermark (
  id int primary key check (id = 1),
  at bigint
);
insert into watermark (id) values (1);
create table beat (
  id int primary key check (id = 1),
  at bigint
);
insert into beat (id) values (1);
create table outage (
  n bigint generated always as identity primary key,
  from_at bigint not null unique,
  to_at bigint not null
);
create table poison (
  topic text not null,
  part int not null,
  at_offset bigint not null,
  error text not null,
  at bigint not null,
  primary key (topic, part, at_offset)
);
`,
);
