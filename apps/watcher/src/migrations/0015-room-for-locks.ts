import { definePlainMigration } from '#libs/persistence';

/**
 * Every lock of a stay writes its row anew (`lock_version`), and stays that began together fall due together. In a page that is half
 * empty the new row lies beside the old one and no index hears of it; in a full one each index would get an entry more, on a page
 * of its own among many stays. Rows from before are moved as they are written.
 */
export const ROOM_FOR_LOCKS = definePlainMigration('0015-room-for-locks', `alter table stay set (fillfactor = 50);`);
