import type { InRecord, TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { type Clock, UnreadableRecord } from '#libs/platform';
import { deviationRow, taskRow } from '../view/columns.ts';
import { distinctRows, writeRows } from '../view/rows.queries.ts';
import { applyReceipts } from './apply-receipts.ts';
import { applyStays } from './apply-stays.ts';
import { applyRejected } from './rejections.ts';
import { HUB_KEY, HUB_SCHEMA } from './schema.ts';

export interface HubViewParts {
  readonly names: TopicNames;
  readonly clock: Clock;
}

/** Owner of what nobody but the operator sees. */
const OPERATOR = 'operator';

/**
 * What senders and the operator can read: a sender what its own wards stated and what became of it, the operator all.
 * A sender's deviations are not here: it has them as any party, from `deviations.<its organisation>`.
 * @returns the applier of records of one topic
 */
export function hubView({ names, clock }: HubViewParts) {
  return async (tx: Tx, records: readonly InRecord[]): Promise<void> => {
    const now = clock.now();
    const topic = records[0]?.topic;
    if (topic === names.stays) return applyStays(tx, records, now);
    if (topic === names.receipts) return applyReceipts(tx, records, now);
    if (topic === names.rejected) return applyRejected(tx, records, names.events);
    if (topic !== names.tasks && topic !== names.deviations) throw new UnreadableRecord('topic of no view');
    const rows = records.map((record) =>
      topic === names.tasks ? taskRow(record, now) : deviationRow(record, OPERATOR, now),
    );
    await writeRows(tx, HUB_SCHEMA, HUB_KEY, distinctRows(rows));
  };
}
