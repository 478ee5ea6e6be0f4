import { definePlainMigration } from '#libs/persistence';

/**
 * stay.routed_at: who is told of the stay has been decided by the directory up to this instant of the hub's clock; null of one
 * that no directory changes any more, which nearly all are. Stays of the version before are looked at once.
 */
export const routedStays = definePlainMigration(
  '0011-routed-stays',
  `
alter table stay add column routed_at bigint;
update stay set routed_at = 0;
create index stay_routed on stay (routed_at, stay_id) where routed_at is not null;
`,
);
