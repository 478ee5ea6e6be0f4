import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchPattern, type TransactionContext } from '#libs/hosting';
import type { InRecord } from '#libs/messaging';
import { fault } from '#libs/platform';
import { applyCaseEvents } from './life/apply-to-cases.ts';
import { applyEvents } from './applying/apply-events.ts';
import { applyReceipts } from './applying/apply-receipts.ts';
import { applyRejected } from './applying/apply-rejected.ts';
import { applyUptime, type OutageLimits } from './watermark/uptime.ts';
import type { JudgingParts } from './judging/judge-stays.ts';
import type { HubTimes } from './watermark/hub-time.ts';

/** The stage of `@BatchPattern(topic, WATCHER)`. */
export const WATCHER = Symbol('watcher');

export const WATCHING = Symbol('what the watcher applies records with');

/** What the records of the watcher's four topics are applied with. */
export interface Watching {
  readonly judging: JudgingParts;
  readonly hubTimes: HubTimes;
  readonly limits: OutageLimits;
  /** The watch of time has something to do: an outage was seen. */
  readonly onOutage: () => void;
}

/** The timeline of every stay (architecture 1): what came, what never came. Each handler answers for one topic. */
@Controller()
export class WatcherController {
  readonly #watching: Watching;

  constructor(@Inject(WATCHING) watching: Watching) {
    this.#watching = watching;
  }

  @BatchPattern('events', WATCHER)
  async events(@Payload() records: InRecord[], @Ctx() context: TransactionContext): Promise<void> {
    const { judging, hubTimes } = this.#watching;
    const [words, messages] = [records.filter(isCaseEvent), records.filter((record) => !isCaseEvent(record))];
    await setAside(await applyEvents(context.tx, messages, context, judging, hubTimes), context);
    if (words.length === 0) return;
    const { now } = await hubTimes.read(context.tx);
    await setAside(await applyCaseEvents(context.tx, words, context, { ...judging.recordParts, now }), context);
  }

  @BatchPattern('receipts', WATCHER)
  async receipts(@Payload() records: InRecord[], @Ctx() context: TransactionContext): Promise<void> {
    const { judging, hubTimes } = this.#watching;
    await setAside(await applyReceipts(context.tx, records, context, judging, hubTimes), context);
  }

  @BatchPattern('rejected', WATCHER)
  async rejected(@Payload() records: InRecord[], @Ctx() context: TransactionContext): Promise<void> {
    const { judging, hubTimes } = this.#watching;
    await setAside(await applyRejected(context.tx, records, context, judging, hubTimes), context);
  }

  @BatchPattern('uptime', WATCHER)
  async uptime(@Payload() records: InRecord[], @Ctx() context: TransactionContext): Promise<void> {
    const { limits, onOutage } = this.#watching;
    const { unreadable, outages } = await applyUptime(context.tx, records, limits);
    if (outages > 0) context.afterCommit(onOutage);
    await setAside(unreadable, context);
  }
}

/** What a person says of a deviation, not a ward of a stay. */
const isCaseEvent = ({ kind }: InRecord): boolean => kind === 'case-event';

async function setAside(unreadable: readonly InRecord[], context: TransactionContext): Promise<void> {
  for (const record of unreadable) await context.setAside(record, fault('undecodable-record'));
}
