import { messagingTables, type PlainMigration } from '#libs/persistence';
import { StayStore } from '#libs/stays';
import { FIRST_TABLES } from './0001-stays.ts';
import { TRAFFIC } from './0002-traffic.ts';
import { TRANSFERS } from './0003-transfers.ts';
import { SHARED_STAY_TABLES } from './0004-shared-stay-tables.ts';
import { REJECTED_BY_SENDER } from './0005-rejected-by-sender.ts';
import { DEVIATION_CASES } from './0010-deviation-cases.ts';
import { PERSON_EVENTS } from './0006-person-events.ts';
import { REJUDGING } from './0011-rejudging.ts';
import { STAY_SPANS } from './0013-stay-spans.ts';
import { MONTH_PAIRS } from './0014-month-pairs.ts';
import { JOINED } from './0012-joined-stays.ts';
import { ROOM_FOR_LOCKS } from './0015-room-for-locks.ts';
import { CASES_WITH_BODIES } from './0016-cases-with-bodies.ts';
import { ROOM_FOR_UPDATES } from './0017-room-for-updates.ts';

/** The schema that the watcher owns: nobody else reads or writes it. */
export const SCHEMA = 'watcher';

/** The watcher's own `person`, `stay` and `event`; a stay keeps the key that it came under, as `rejected` names stays by it. */
export const STAYS = new StayStore(SCHEMA, [], true);

/** Every step of the schema, in order; a step that has run anywhere is never changed. */
export const MIGRATIONS: readonly PlainMigration[] = [
  ...messagingTables(SCHEMA),
  FIRST_TABLES,
  TRAFFIC,
  TRANSFERS,
  SHARED_STAY_TABLES,
  REJECTED_BY_SENDER,
  PERSON_EVENTS,
  DEVIATION_CASES,
  REJUDGING,
  JOINED,
  STAY_SPANS,
  MONTH_PAIRS,
  ROOM_FOR_LOCKS,
  CASES_WITH_BODIES,
  ROOM_FOR_UPDATES,
];
