import { definePlainMigration } from '#libs/persistence';

/**
 * person.transferred: some stay of the person has a need and says that the patient was transferred, so that the person's
 * stays may go on in each other (DEC-08) and are read together. It stands on the row that is locked anyway, and is
 * never taken back: one too many only reads more, so what was there before is marked by the transfer alone.
 */
export const transfers = definePlainMigration(
  '0004-transfers',
  `
alter table person add column transferred boolean not null default false;
update person set transferred = true where patient_id in (
  select patient_id from event where stay_id in (
    select stay_id from event where body -> 'encounter' ->> 'leaving' = 'transfer'));
`,
);
