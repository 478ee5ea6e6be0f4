import { definePlainMigration } from '#libs/persistence';

/** Every message writes the row of its stay twice, by its lock and by what is said of it: in a page that is half empty no index hears of it. */
export const roomForLocks = definePlainMigration('0013-room-for-locks', `alter table stay set (fillfactor = 50);`);
