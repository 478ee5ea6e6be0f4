import { definePlainMigration } from '#libs/persistence';

/** Each notice writes anew what its party has been told of the stay: in a page that is half empty no index hears of it. */
export const PARTY_ROOM_FOR_TOLD = definePlainMigration(
  '0004-room-for-told-stays',
  `alter table told_stay set (fillfactor = 50);`,
);
