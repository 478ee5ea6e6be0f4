import { definePlainMigration } from '#libs/persistence';

/** Where on `inbound` the bytes of a message lie that was not taken; of one that an earlier version kept nobody knows. */
export const HUB_REJECTED_PLACE = definePlainMigration(
  '0008-rejected-place',
  'alter table rejection add column inbound_partition int, add column inbound_offset bigint;',
);
