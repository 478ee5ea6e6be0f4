import { Controller, type DynamicModule, Inject, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { County } from '#libs/county';
import {
  BatchPattern,
  type StatefulConsumer,
  type TransactionalParts,
  TransactionalStage,
  type TransactionContext,
} from '#libs/hosting';
import type { InRecord } from '#libs/messaging';
import { messagingTables, type PlainMigration } from '#libs/persistence';
import { type IdMaker, type Log, Metrics } from '#libs/platform';
import { applyDeliveries, type DispatchRules, SenderFinder } from './apply-deliveries.ts';
import { receipts } from './migrations/0001-receipts.ts';

/** The stage of `@BatchPattern(topic, DISPATCHER)`. */
const DISPATCHER = Symbol('dispatcher');

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

/** The dispatcher (architecture 1) as a stage; what it does with notices is in {@link DispatcherController}. */
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

const DISPATCH_RULES = Symbol('dispatch rules');
const DISPATCH_LOG = Symbol('log of the dispatcher');

/** Takes deliveries on to their recipients' other channels, keeps receipts and tells the sender (architecture 1). */
@Controller()
export class DispatcherController {
  readonly #rules: DispatchRules;
  readonly #log: Log;
  readonly #notices;

  constructor(
    @Inject(DISPATCH_RULES) rules: DispatchRules,
    @Inject(Metrics) metrics: Metrics,
    @Inject(DISPATCH_LOG) log: Log,
  ) {
    this.#rules = rules;
    this.#log = log;
    this.#notices = metrics.counter('dispatcher_notices_total', 'Notices read by the dispatcher', ['outcome']);
  }

  /** A receipt for each notice that was not there before; see `applyDeliveries`. */
  @BatchPattern('deliveries.*', DISPATCHER)
  async takeIn(@Payload() records: InRecord[], @Ctx() context: TransactionContext): Promise<void> {
    // An answer that went on to a ward has no receipt: nobody has to act on it in time.
    const notices = records.filter(({ kind }) => kind !== 'answer');
    const { taken, duplicates, orphans, answers } = await applyDeliveries(context.tx, notices, this.#rules);
    for (const { to, receipts } of answers) context.say(receipts, to);
    context.afterCommit(() => {
      if (taken > 0) this.#notices.inc({ outcome: 'taken' }, taken);
      if (duplicates > 0) this.#notices.inc({ outcome: 'duplicate' }, duplicates);
      for (const [topic, { length: count }] of Map.groupBy(orphans, (record) => record.topic)) {
        this.#notices.inc({ outcome: 'without-sender' }, count);
        this.#log.error('notices-without-sender', { topic, count });
      }
    });
  }
}

/** What the dispatcher does with records. The stage itself is started and stopped by who made it. */
@Module({})
export class DispatcherModule {
  /** In: the parts that the stage was made of, and the stage. */
  static register({ log, metrics }: Pick<DispatcherParts, 'log' | 'metrics'>, stage: DispatcherStage): DynamicModule {
    return {
      module: DispatcherModule,
      controllers: [DispatcherController],
      providers: [
        { provide: DISPATCH_RULES, useValue: stage.rules },
        { provide: Metrics, useValue: metrics },
        { provide: DISPATCH_LOG, useValue: log },
      ],
    };
  }
}
