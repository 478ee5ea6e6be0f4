import { isUnreadable, readNoticeBundle, receiptOf, writeReceipt, type NoticeView } from '#libs/fhir';
import type { InRecord, OutRecord, TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace, type IdMaker, UnreadableRecord } from '#libs/platform';
import { takeIn } from './receipt.queries.ts';
import type { SenderFinder } from './sender-finder.ts';

/** A record of `deliveries.<party>` that is no notice to that party: the consumer finds it and sets it aside. */
class UnreadableNotice extends UnreadableRecord {}

export interface DispatchRules {
  readonly ids: IdMaker;
  readonly senders: SenderFinder;
  readonly topics: TopicNames;
  /** The hub's clock, ms. */
  readonly now: () => number;
}

interface Read {
  readonly notice: NoticeView;
  readonly record: InRecord;
}

/** Receipts, and the record of the notice that they answer. */
export interface Answered {
  readonly to: InRecord;
  readonly receipts: readonly OutRecord[];
}

export interface Outcome {
  readonly taken: number;
  readonly duplicates: number;
  /** Records of notices whose reply address belongs to no sender of the county: they have a receipt, which nobody is sent. */
  readonly orphans: readonly InRecord[];
  readonly answers: readonly Answered[];
}

/**
 * Takes in records of parties' topics within the consumer's transaction.
 * @returns a receipt for each notice that was not there before, for `receipts` and for its sender (contract 2)
 * @throws UnreadableNotice when a record cannot be read, or is addressed to another party
 */
export async function applyDeliveries(tx: Tx, records: readonly InRecord[], rules: DispatchRules): Promise<Outcome> {
  const received = rules.now();
  const read = records.map((record) => readRecord(record, rules.topics));
  const fresh = await takeIn(
    tx,
    read.map((one) => one.notice),
    received,
  );
  const answers: Answered[] = [];
  const orphans: InRecord[] = [];
  for (const one of read) {
    // The same id twice in a batch has one receipt.
    if (!fresh.delete(one.notice.deliveryId)) continue;
    const sender = rules.senders.senderOf(one.notice.replyAddress, one.notice.stayId);
    if (sender === undefined) orphans.push(one.record);
    answers.push({ to: one.record, receipts: receiptsFor(one, sender, received, rules) });
  }
  return { taken: answers.length, duplicates: read.length - answers.length, orphans, answers };
}

function readRecord(record: InRecord, topics: TopicNames): Read {
  const notice = readNoticeBundle(JSON.parse(record.value.toString('utf8')));
  if (isUnreadable(notice)) throw new UnreadableNotice(notice.unreadable);
  if (notice.recipient !== topics.partyOf(record.topic)) throw new UnreadableNotice('Communication.recipient');
  return { notice, record };
}

function receiptsFor(
  { notice, record }: Read,
  sender: string | undefined,
  received: number,
  { ids, topics }: DispatchRules,
): OutRecord[] {
  const [id, value] = [ids.receipt(notice.deliveryId), JSON.stringify(writeReceipt(receiptOf(notice, received)))];
  const targets = [topics.receipts, ...(sender === undefined ? [] : [topics.receiptsOf(sender)])];
  return targets.map((topic) => ({
    topic,
    key: notice.stayId,
    id,
    kind: 'receipt',
    schemaVersion: 1,
    traceparent: childTrace(record.traceparent),
    value,
  }));
}
