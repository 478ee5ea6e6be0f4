import { messagingTables, type PlainMigration } from '#libs/persistence';
import { STAYS } from './0001-stays.ts';
import { TRAFFIC } from './0002-traffic.ts';
import { TRANSFERS } from './0003-transfers.ts';

/** The schema that the watcher owns: nobody else reads or writes it. */
export const SCHEMA = 'watcher';

/** Every step of the schema, in order; a step that has run anywhere is never changed. */
export const MIGRATIONS: readonly PlainMigration[] = [...messagingTables(SCHEMA), STAYS, TRAFFIC, TRANSFERS];
