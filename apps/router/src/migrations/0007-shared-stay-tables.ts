import { definePlainMigration } from '#libs/persistence';

/**
 * `person`, `stay` and `event` have the columns that `libs/stays` reads and writes, here as in the watcher. The revision of an
 * event stands in its body, where it was read from all the time; when its record was published is not known of those that
 * were stored before, and 0 sorts them first.
 */
export const sharedStayTables = definePlainMigration(
  '0007-shared-stay-tables',
  `
alter table event add column published_at bigint not null default 0;
alter table event drop column revision;
`,
);
