import type { InRecord, TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { type Clock, UnreadableRecord } from '#libs/platform';
import { deviationRow } from '../view/deviation-row.ts';
import { distinctRows, writeRows } from '../view/rows.queries.ts';
import { applyReceipts } from './apply-receipts.ts';
import { applyStays } from './apply-stays.ts';
import { applyRejected } from './rejections.ts';
import { HUB_KEY, HUB_SCHEMA } from './schema.ts';
import type { Task } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { isUnreadable, readTask, type TaskRecord, type Unreadable } from '#libs/fhir';
import { rowOf } from '../view/columns.ts';
import { readJson } from '../view/read-json.ts';
import type { NewRow } from '../view/row.ts';

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

interface Both {
  readonly record: TaskRecord;
  readonly task: Task;
}

/** A record that was read as a Task is one: the one place where that is said to the compiler. */
function readBoth(value: unknown): Both | Unreadable {
  const record = readTask(value);
  return isUnreadable(record) ? record : { record, task: value as Task };
}

/** A record of `tasks` as a row in its owner's view (contract 2: the operator sees all). @throws UnreadableRecord */
function taskRow(record: InRecord, updatedAt: Instant): NewRow {
  const { record: read, task } = readJson(record, readBoth);
  return rowOf(task, { audience: read.duty.owner, updatedAt, sourceVersion: read.version });
}
