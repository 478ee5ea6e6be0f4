import { definePlainMigration } from '#libs/persistence';

/** Reads for parties: the resources of this schema and nothing else in the whole database (architecture 5). */
export const PARTY_READER = 'bryggan_party';
/** Fills the party view: it too can see nothing that was made from `events`. */
export const PARTY_WRITER = 'bryggan_party_writer';

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
grant usage on schema portal_party to ${name};`;

const GRANTS = `
${role(PARTY_READER)}
${role(PARTY_WRITER)}
grant select on resource to ${PARTY_READER};
grant select, insert, update, delete on all tables in schema portal_party to ${PARTY_WRITER};
grant usage on all sequences in schema portal_party to ${PARTY_WRITER};`;

export const PARTY_ROLES = definePlainMigration('0002-party-roles', GRANTS);
