import { definePlainMigration } from '#libs/persistence';

/**
 * What was last said of a stay on `stays`: `version` and a fingerprint of the record, and the partition of `events` on whose
 * lane it left. `visit_id` is PV1-19, which only the sender's view shows.
 *
 * unsaid: the stay is to be said without an event (unsaid-stays.ts). True of every stay of the version before, which said none.
 */
export const saidStays = definePlainMigration(
  '0006-said-stays',
  `
alter table stay
  add column visit_id text,
  add column version bigint not null default 0,
  add column fingerprint text,
  add column part int,
  add column unsaid boolean not null default true;
alter table stay alter column unsaid set default false;
create index stay_unsaid on stay (stay_id) where unsaid;
`,
);
