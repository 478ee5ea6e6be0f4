import { definePlainMigration } from '#libs/persistence';

/**
 * How many messages of each sender the hub took in, by hour: a sender's habit is learned from it (architecture 7). One row
 * per partition of `events`, so that batches of different partitions do not wait for each other.
 */
export const TRAFFIC = definePlainMigration(
  '0002-traffic',
  `
create table traffic (
  sender text not null,
  hour bigint not null,
  part int not null,
  messages int not null,
  primary key (hour, sender, part)
) with (fillfactor = 50);
`,
);
