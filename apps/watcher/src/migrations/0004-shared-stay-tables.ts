import { definePlainMigration } from '#libs/persistence';

/**
 * `person`, `stay` and `event` have the columns that `libs/stays` reads and writes, here as in the router. The trigger of an
 * event stands in its body; which stays a person has is seen from the events, by an index.
 */
export const SHARED_STAY_TABLES = definePlainMigration(
  '0004-shared-stay-tables',
  `
create index event_patient on event (patient_id);
alter table stay add column lock_version bigint not null default 0;
drop table stay_person;
alter table event drop column trigger;
`,
);
