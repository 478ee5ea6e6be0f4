import { definePlainMigration } from '#libs/persistence';

/**
 * A stay is counted anew by most of its messages, and a question whether any stay waits to be judged again is asked of all
 * deadlines: in a page that is half empty no index hears of the one, and without an index of its own the other reads them all.
 */
export const ROOM_FOR_UPDATES = definePlainMigration(
  '0017-room-for-updates',
  `
alter table followed_stay set (fillfactor = 50);
create index deadline_again on deadline (stay_id) where name = 'again';
`,
);
