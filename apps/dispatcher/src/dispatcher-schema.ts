import { messagingTables, type PlainMigration } from '#libs/persistence';
import { receipts } from './migrations/0001-receipts.ts';

/** The schema that the dispatcher alone owns. */
export const DISPATCHER_SCHEMA = 'dispatcher';

export const DISPATCHER_MIGRATIONS: readonly PlainMigration[] = [...messagingTables(DISPATCHER_SCHEMA), receipts];
