import { messagingTables, type PlainMigration } from '#libs/persistence';
import { PARTY_VIEW } from '../migrations/0001-party-view.ts';
import { PARTY_ROLES } from '../migrations/0002-party-roles.ts';
import { PARTY_DEVIATIONS } from '../migrations/0003-party-deviations.ts';
import { PARTY_ROOM_FOR_TOLD } from '../migrations/0004-room-for-told-stays.ts';

export { PARTY_READER, PARTY_WRITER } from '../migrations/0002-party-roles.ts';
export const PARTY_SCHEMA = 'portal_party';
/** Columns of the key of `resource`. */
export const PARTY_KEY = 'audience, type, id';

/** Migrations of the party view; forward only. */
export const PARTY_MIGRATIONS: readonly PlainMigration[] = [
  ...messagingTables(PARTY_SCHEMA),
  PARTY_VIEW,
  PARTY_ROLES,
  PARTY_DEVIATIONS,
  PARTY_ROOM_FOR_TOLD,
];
