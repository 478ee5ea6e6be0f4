import { TransactionalStage, type StatefulConsumer, type TransactionalParts } from '#libs/hosting';
import { messagingTables, type PlainMigration } from '#libs/persistence';
import type { County } from '#libs/county';
import type { IdMaker } from '#libs/platform';
import type { DispatchRules } from './apply-deliveries.ts';
import { receipts } from './migrations/0001-receipts.ts';
import { SenderFinder } from './sender-finder.ts';

/** The stage of `@BatchPattern(topic, DISPATCHER)`. */
export const DISPATCHER = Symbol('dispatcher');

/** The schema that the dispatcher alone owns. */
export const DISPATCHER_SCHEMA = 'dispatcher';

/** How the dispatcher reads. */
export const DISPATCHER_CONSUMER = {
  ...{ name: 'dispatcher', group: 'dispatcher', schema: DISPATCHER_SCHEMA, speaks: true },
} as const satisfies StatefulConsumer;

const DISPATCHER_MIGRATIONS: readonly PlainMigration[] = [...messagingTables(DISPATCHER_SCHEMA), receipts];

/** What the dispatcher is given, by its main or by the hub. The topics of all parties of the county are there already. */
export interface DispatcherParts extends TransactionalParts {
  readonly county: Pick<County, 'partyIds' | 'senderIds'>;
  readonly ids: IdMaker;
}

/** The dispatcher (architecture 1) as a stage; what it does with notices is in `dispatcher.controller.ts`. */
export class DispatcherStage extends TransactionalStage {
  readonly rules: DispatchRules;

  constructor(parts: DispatcherParts) {
    const { clock, county, ids, topics } = parts;
    super(parts, {
      ...{ ...DISPATCHER_CONSUMER, stage: DISPATCHER, migrations: DISPATCHER_MIGRATIONS },
      ...{ transactionsAtOnce: 2, unhurried: true },
    });
    this.rules = { ids, topics, senders: new SenderFinder(ids, () => county.senderIds()), now: () => clock.now() };
  }
}
