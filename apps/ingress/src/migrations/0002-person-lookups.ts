import { definePlainMigration } from '#libs/persistence';

/**
 * Who looked up whom, when and why (SEC-20). The person is there as the hub's own id, which the secret of the installation
 * alone leads back to; rows are kept at least five years, and nothing here deletes any.
 */
export const personLookups = definePlainMigration(
  '0002-person-lookups',
  `
create table person_lookup (
  id bigint generated always as identity primary key,
  at bigint not null,
  caller text not null,
  purpose text not null,
  patient uuid not null,
  found boolean not null
);
create index person_lookup_of_patient on person_lookup (patient, at);
`,
);
