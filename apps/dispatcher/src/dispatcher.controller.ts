import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchPattern, type TransactionContext } from '#libs/hosting';
import type { InRecord } from '#libs/messaging';
import { Metrics, type Log } from '#libs/platform';
import { applyDeliveries, type DispatchRules } from './apply-deliveries.ts';
import { DISPATCHER } from './dispatcher-stage.ts';

export const DISPATCH_RULES = Symbol('dispatch rules');
export const DISPATCH_LOG = Symbol('log of the dispatcher');

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
