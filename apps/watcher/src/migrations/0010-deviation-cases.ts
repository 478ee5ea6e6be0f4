import { definePlainMigration } from '#libs/persistence';

/**
 * Cases of deviations and what statistics count (rules 6.3). `case_event` keeps what people said, as `event` keeps what wards
 * said; a case and a feed row are folded from it. `waiting_person` is a report whose stay is not known yet. A month that
 * was published is never changed.
 */
export const DEVIATION_CASES = definePlainMigration(
  '0010-deviation-cases',
  `
create table followed_stay (
  stay_id text primary key,
  month text,
  organisation text not null,
  profile text not null
);
create index followed_stay_month on followed_stay (month) where month is not null;

create table case_event (
  event_id text primary key,
  case_id text not null,
  waiting_person text,
  body text not null
);
create index case_event_case on case_event (case_id);
create index case_event_waiting on case_event (waiting_person) where waiting_person is not null;

create table deviation_case (
  id text primary key,
  feed_id text not null unique,
  stay_id text,
  failure text not null default '',
  version integer not null default 0,
  changed_at bigint not null default 0,
  state text not null default 'closed',
  is_open boolean not null default false,
  code text not null default '',
  month text not null default '',
  party text,
  reporters text[] not null default '{}',
  standing boolean not null default false,
  body text,
  feed_row text
);
create index deviation_case_stay on deviation_case (stay_id) where stay_id is not null;
create index deviation_case_changed on deviation_case (changed_at desc, id);
create index deviation_case_party on deviation_case (party, changed_at desc, id);
create index deviation_case_reporters on deviation_case using gin (reporters);
create index deviation_case_month on deviation_case (month) where feed_row is not null;

create table case_claim (
  claim text primary key,
  event_id text not null,
  at bigint not null,
  caller text not null
);

create table feed_month (
  month text primary key,
  published_at bigint not null,
  body text not null,
  counted text not null
);`,
);
