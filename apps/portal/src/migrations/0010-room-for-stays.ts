import { definePlainMigration } from '#libs/persistence';

/** Each record of a stay writes its row anew, with all of its lines: in a page that is half empty no index hears of it. */
export const HUB_ROOM_FOR_STAYS = definePlainMigration(
  '0010-room-for-stays',
  `alter table stay set (fillfactor = 50);`,
);
