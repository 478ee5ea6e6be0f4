import { messagingTables, type PlainMigration } from '#libs/persistence';
import { notices } from './migrations/0002-notices.ts';
import { stays } from './migrations/0001-stays.ts';
import { traceAccess } from './migrations/0003-trace-access.ts';
import { transfers } from './migrations/0004-transfers.ts';
import { stayVersion } from './migrations/0005-stay-version.ts';
import { saidStays } from './migrations/0006-said-stays.ts';

/** The schema that the router alone owns. */
export const ROUTER_SCHEMA = 'router';

export const ROUTER_MIGRATIONS: readonly PlainMigration[] = [
  ...messagingTables(ROUTER_SCHEMA),
  stays,
  notices,
  traceAccess,
  transfers,
  stayVersion,
  saidStays,
];
