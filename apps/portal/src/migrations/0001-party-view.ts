import { definePlainMigration } from '#libs/persistence';

/** Every row belongs to one party, and every index begins with it: a query cannot come by a neighbour's rows. */
const RESOURCES = `
create table resource (
  audience text not null,
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
  primary key (audience, type, id)
);
create index resource_by_update on resource (audience, type, updated_at, id);
create index resource_by_moment on resource (audience, type, moment, id) where moment is not null;
create index resource_by_code on resource (audience, type, code, updated_at, id) where code is not null;
create index resource_by_encounter on resource (audience, encounter) where encounter is not null;
create index resource_by_subject on resource (audience, subject) where subject is not null;
create table told_stay (
  audience text not null,
  stay_id text not null,
  state text not null,
  primary key (audience, stay_id)
);
create table poison (
  topic text not null,
  part int not null,
  at_offset bigint not null,
  error_code text not null,
  at bigint not null,
  primary key (topic, part, at_offset)
);`;

export const PARTY_VIEW = definePlainMigration('0001-party-view', RESOURCES);
