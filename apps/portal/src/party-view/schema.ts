import { definePlainMigration, messagingTables, type PlainMigration } from '#libs/persistence';

export const PARTY_SCHEMA = 'portal_party';
/** Reads for parties: the resources of this schema and nothing else in the whole database (architecture 5). */
export const PARTY_READER = 'bryggan_party';
/** Fills the party view: it too can see nothing that was made from `events`. */
export const PARTY_WRITER = 'bryggan_party_writer';
/** Columns of the key of `resource`. */
export const PARTY_KEY = 'audience, type, id';

/** A role belongs to the cluster: of two databases that are set up at once, one may find the other's grant under way. */
const role = (name: string) => `
do $$ begin
  if not exists (select 1 from pg_roles where rolname = '${name}') then create role ${name} nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  execute format('grant ${name} to %I', current_user);
exception when unique_violation or internal_error then null;
end $$;
grant usage on schema ${PARTY_SCHEMA} to ${name};`;

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
  primary key (${PARTY_KEY})
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

const GRANTS = `
${role(PARTY_READER)}
${role(PARTY_WRITER)}
grant select on resource to ${PARTY_READER};
grant select, insert, update, delete on all tables in schema ${PARTY_SCHEMA} to ${PARTY_WRITER};
grant usage on all sequences in schema ${PARTY_SCHEMA} to ${PARTY_WRITER};`;

/** Migrations of the party view; forward only. */
export const PARTY_MIGRATIONS: readonly PlainMigration[] = [
  ...messagingTables(PARTY_SCHEMA),
  definePlainMigration('0001-party-view', RESOURCES),
  definePlainMigration('0002-party-roles', GRANTS),
];
