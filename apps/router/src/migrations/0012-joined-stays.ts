import { definePlainMigration } from '#libs/persistence';
import { JOINED_STAYS } from '#libs/stays';

/** See `JOINED_STAYS`. */
export const joinedStays = definePlainMigration('0012-joined-stays', JOINED_STAYS);
