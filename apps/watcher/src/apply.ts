import type { BatchContext, InRecord, TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import type { Log } from '#libs/platform';
import { applyEvents } from './apply-events.ts';
import { applyReceipts } from './apply-receipts.ts';
import { applyRejected } from './apply-rejected.ts';
import { applyUptime, type OutageLimits } from './apply-uptime.ts';
import type { Court } from './judging.ts';
import { setAside } from './poison.ts';
import type { Standings } from './standing.ts';

export type WatchedTopics = Pick<TopicNames, 'events' | 'rejected' | 'uptime' | 'receipts'>;

/** What the batches of the watcher's four topics are applied with. */
export interface Desk {
  readonly topics: WatchedTopics;
  readonly court: Court;
  readonly standings: Standings;
  readonly limits: OutageLimits;
  readonly now: () => number;
  readonly log: Log;
  /** The watch of time has something to do: an outage was seen. */
  readonly onOutage: () => void;
}

/** The topics that the watcher reads, all in one group. */
export function watchedTopics(topics: WatchedTopics): string[] {
  return [topics.events, topics.rejected, topics.uptime, topics.receipts];
}

/** Applies records of one topic, inside the transaction that moves their positions (architecture 2.6). */
export async function applyBatch(
  tx: Tx,
  records: readonly InRecord[],
  context: BatchContext,
  desk: Desk,
): Promise<void> {
  const unreadable = await applyTo(tx, records, context, desk);
  for (const record of unreadable) {
    desk.log.withTrace(record.traceparent).warn('record-set-aside', { id: record.id, topic: record.topic });
  }
  await setAside(tx, unreadable, 'undecodable-record', desk.now());
}

async function applyTo(tx: Tx, records: readonly InRecord[], context: BatchContext, desk: Desk): Promise<InRecord[]> {
  const { topics, court, standings, limits } = desk;
  switch (records[0]?.topic) {
    case topics.events:
      return applyEvents(tx, records, context, court, standings);
    case topics.receipts:
      return applyReceipts(tx, records, context, court, standings);
    case topics.rejected:
      return applyRejected(tx, records, context, court, standings);
    case topics.uptime: {
      const { unreadable, outages } = await applyUptime(tx, records, limits);
      if (outages > 0) context.afterCommit(desk.onOutage);
      return unreadable;
    }
    default:
      throw new Error('a topic that the watcher does not read');
  }
}
