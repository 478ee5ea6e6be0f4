import { messagingTables, type PlainMigration } from '#libs/persistence';
import { StayStore } from '#libs/stays';
import { notices } from './migrations/0002-notices.ts';
import { stays } from './migrations/0001-stays.ts';
import { traceAccess } from './migrations/0003-trace-access.ts';
import { transfers } from './migrations/0004-transfers.ts';
import { stayVersion } from './migrations/0005-stay-version.ts';
import { saidStays } from './migrations/0006-said-stays.ts';
import { sharedStayTables } from './migrations/0007-shared-stay-tables.ts';
import { personEvents } from './migrations/0008-person-events.ts';
import { answers } from './migrations/0009-answers.ts';
import { operatorDecisions } from './migrations/0010-operator-decisions.ts';
import { routedStays } from './migrations/0011-routed-stays.ts';
import { joinedStays } from './migrations/0012-joined-stays.ts';
import { roomForLocks } from './migrations/0013-room-for-locks.ts';
import { SAID_STAY_COLUMNS, type SaidStayRow } from './said-stays/said-stays.ts';

/** The schema that the router alone owns. */
export const ROUTER_SCHEMA = 'router';

/** The router's own `person`, `stay` and `event`; with each stay comes what was last said of it. */
export const STAYS = new StayStore<SaidStayRow>(ROUTER_SCHEMA, SAID_STAY_COLUMNS);

export const ROUTER_MIGRATIONS: readonly PlainMigration[] = [
  ...messagingTables(ROUTER_SCHEMA),
  stays,
  notices,
  traceAccess,
  transfers,
  stayVersion,
  saidStays,
  sharedStayTables,
  personEvents,
  answers,
  operatorDecisions,
  routedStays,
  joinedStays,
  roomForLocks,
];
