import { isUnreadable, readNoticeBundle, type Receipt, receiptOf, writeReceipt } from '#libs/fhir';
import type { InRecord, OutRecord, TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace, type IdMaker, UnreadableRecord } from '#libs/platform';

/** A record of `deliveries.<party>` that is no notice to that party: the consumer finds it and sets it aside. */
class UnreadableNotice extends UnreadableRecord {}

export interface DispatchRules {
  readonly ids: IdMaker;
  readonly senders: SenderFinder;
  readonly topics: TopicNames;
  /** The hub's clock, ms. */
  readonly now: () => number;
}

/** What is kept of a notice: the rest of it, many times as much, is let go of as soon as it is read. */
interface Read {
  readonly receipt: Receipt;
  readonly replyAddress: string;
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
  const read = records.map((record) => readRecord(record, received, rules.topics));
  const fresh = await takeIn(
    tx,
    read.map((one) => one.receipt),
    received,
  );
  const answers: Answered[] = [];
  const orphans: InRecord[] = [];
  for (const one of read) {
    // The same id twice in a batch has one receipt.
    if (!fresh.delete(one.receipt.deliveryId)) continue;
    const sender = rules.senders.senderOf(one.replyAddress, one.receipt.stayId);
    if (sender === undefined) orphans.push(one.record);
    answers.push({ to: one.record, receipts: receiptsFor(one, sender, rules) });
  }
  return { taken: answers.length, duplicates: read.length - answers.length, orphans, answers };
}

function readRecord(record: InRecord, received: number, topics: TopicNames): Read {
  const notice = readNoticeBundle(JSON.parse(record.value.toString('utf8')));
  if (isUnreadable(notice)) throw new UnreadableNotice(notice.unreadable);
  if (notice.recipient !== topics.partyOf(record.topic)) throw new UnreadableNotice('Communication.recipient');
  return { receipt: receiptOf(notice, received), replyAddress: notice.replyAddress, record };
}

function receiptsFor(
  { receipt, record }: Read,
  sender: string | undefined,
  { ids, topics }: DispatchRules,
): OutRecord[] {
  const [id, value] = [ids.receipt(receipt.deliveryId), JSON.stringify(writeReceipt(receipt))];
  const targets = [topics.receipts, ...(sender === undefined ? [] : [topics.receiptsOf(sender)])];
  return targets.map((topic) => ({
    topic,
    key: receipt.stayId,
    id,
    kind: 'receipt',
    schemaVersion: 1,
    traceparent: childTrace(record.traceparent),
    value,
  }));
}

const TAKE_IN = `
insert into receipt (delivery_id, stay_id, party, received_at)
select r.delivery_id, r.stay_id, r.party, $4
from unnest($1::uuid[], $2::uuid[], $3::text[]) as r (delivery_id, stay_id, party)
on conflict (delivery_id) do nothing
returning delivery_id`;

export interface Arrival {
  readonly deliveryId: string;
  readonly stayId: string;
  readonly recipient: string;
}

/** Notes that notices are there. @returns the ids of those that were not there before */
async function takeIn(tx: Tx, arrivals: readonly Arrival[], receivedAt: number): Promise<Set<string>> {
  const { rows } = await tx.query<{ delivery_id: string }>({
    name: 'dispatcher-take-in',
    text: TAKE_IN,
    values: [
      arrivals.map((one) => one.deliveryId),
      arrivals.map((one) => one.stayId),
      arrivals.map((one) => one.recipient),
      receivedAt,
    ],
  });
  return new Set(rows.map((row) => row.delivery_id));
}

const MOST_REMEMBERED = 10_000;

/**
 * Finds the sender behind a notice's opaque reply address (rules 12.4: a recipient learns neither hospital nor ward,
 * so the address says nothing by itself): each sender's address for the stay is made anew and compared.
 */
export class SenderFinder {
  readonly #ids: Pick<IdMaker, 'replyAddress'>;
  readonly #senders: () => readonly string[];
  readonly #known = new Map<string, string>();

  /** @param senders ids of all agreements, as the county has them at each call */
  constructor(ids: Pick<IdMaker, 'replyAddress'>, senders: () => readonly string[]) {
    this.#ids = ids;
    this.#senders = senders;
  }

  /** @returns the agreement's id; undefined when no agreement of the county has that address */
  senderOf(replyAddress: string, stayId: string): string | undefined {
    const known = this.#known.get(replyAddress);
    if (known !== undefined) return known;
    const sender = this.#senders().find((one) => this.#ids.replyAddress(one, stayId) === replyAddress);
    // A stay has a handful of notices close in time: forgetting all now and then is cheap, and memory stays bounded.
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    // A sender that has no agreement yet may have one tomorrow.
    if (sender !== undefined) this.#known.set(replyAddress, sender);
    return sender;
  }
}
