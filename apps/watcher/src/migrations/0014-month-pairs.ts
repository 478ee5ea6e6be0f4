import { definePlainMigration } from '#libs/persistence';

/** month_pairs: what pairs had in common in a month that was published, so that a question about years reads no stay of theirs. */
export const MONTH_PAIRS = definePlainMigration(
  '0014-month-pairs',
  `create table month_pairs (month text primary key references feed_month, pairs text not null);`,
);
