import { definePlainMigration } from '#libs/persistence';

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
  primary key (type, id)
);
create index resource_by_update on resource (type, updated_at, id);
create index resource_by_audience on resource (audience, type, updated_at, id);
create index resource_by_moment on resource (type, moment, id) where moment is not null;
create index resource_by_code on resource (type, code, updated_at, id) where code is not null;
create index resource_by_encounter on resource (encounter) where encounter is not null;
create index resource_by_subject on resource (subject) where subject is not null;`;

export const HUB_VIEW = definePlainMigration('0001-hub-view', RESOURCES);
