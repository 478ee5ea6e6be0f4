import { messagingTables, type PlainMigration } from '#libs/persistence';
import { HUB_SCHEMA } from './schema-name.ts';
import { HUB_VIEW } from '../migrations/0001-hub-view.ts';
import { HUB_STAYS } from '../migrations/0002-hub-stays.ts';
import { HUB_REJECTIONS } from '../migrations/0003-hub-rejections.ts';
import { HUB_SAID_STAYS } from '../migrations/0004-hub-said-stays.ts';
import { HUB_MENDED } from '../migrations/0006-hub-mended.ts';
import { HUB_EXPLANATION_ACCESS } from '../migrations/0007-explanation-access.ts';
import { HUB_REJECTED_PLACE } from '../migrations/0008-rejected-place.ts';
import { HUB_SET_ASIDE } from '../migrations/0009-set-aside.ts';
import { HUB_ROOM_FOR_STAYS } from '../migrations/0010-room-for-stays.ts';
import { HUB_OPEN_BY_CODE } from '../migrations/0005-open-by-code.ts';

export { HUB_SCHEMA };
/** Columns of the key of `resource`: an id made by the hub is one thing, whoever looks at it. */
export const HUB_KEY = 'type, id';

/** Migrations of the sender's and the operator's view; forward only. */
export const HUB_MIGRATIONS: readonly PlainMigration[] = [
  ...messagingTables(HUB_SCHEMA),
  HUB_VIEW,
  HUB_STAYS,
  HUB_REJECTIONS,
  HUB_SAID_STAYS,
  HUB_OPEN_BY_CODE,
  HUB_MENDED,
  HUB_EXPLANATION_ACCESS,
  HUB_REJECTED_PLACE,
  HUB_SET_ASIDE,
  HUB_ROOM_FOR_STAYS,
];
