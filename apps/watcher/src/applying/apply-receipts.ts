import type { Instant } from '#libs/domain';
import { isUnreadable, readReceipt } from '#libs/fhir';
import type { BatchContext, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { judgeStays, sayBecause, type JudgingParts } from '../judging/judge-stays.ts';
import { readValue } from './read-value.ts';
import type { HubTimes } from '../watermark/hub-time.ts';
import { lockKnownStays } from '../judging/watched-stay.ts';
import { STAYS } from '../migrations/index.ts';
import { MEET_DEADLINES, PUT_RECEIPTS } from '../timekeeping/time.queries.ts';

interface Received {
  readonly actId: string;
  readonly stayId: string;
  readonly at: Instant;
}

/**
 * Applies a batch of `receipts`. One that meets its deadline takes that away, and nothing else can come of it. Any other
 * may be late (TEK-01), may be of a notice that has ended and whose withdrawal is now owed, or may be ahead of the events:
 * its stay is judged. Answers the unreadable records.
 */
export async function applyReceipts(
  tx: Tx,
  records: readonly InRecord[],
  context: BatchContext,
  judging: JudgingParts,
  hubTimes: HubTimes,
): Promise<InRecord[]> {
  const read = records.map((record) => ({ record, receipt: receiptOf(record) }));
  const causes = new Map(read.map(({ record, receipt }) => [receipt?.stayId, record]));
  const receipts = earliest(read.flatMap(({ receipt }) => receipt ?? []));
  if (receipts.length > 0) {
    // Locked also when not known yet: the events of the stay, applied at the same time, must see the receipt or be seen.
    await STAYS.lockStays(tx, [...new Set(receipts.map((one) => one.stayId))]);
    await writeReceipts(tx, receipts);
    const stays = await lockKnownStays(tx, await unmet(tx, receipts));
    const time = await hubTimes.read(tx);
    sayBecause(context, await judgeStays(tx, stays, time, judging), causes, records);
  }
  return read.flatMap(({ record, receipt }) => (receipt ? [] : [record]));
}

function receiptOf(record: InRecord): Received | undefined {
  const receipt = readReceipt(readValue(record));
  if (isUnreadable(receipt)) return undefined;
  return { actId: receipt.actId, stayId: receipt.stayId, at: receipt.received };
}

/** An act told again (another generation) has more than one receipt: the first is when it was there. */
function earliest(receipts: readonly Received[]): Received[] {
  const first = new Map<string, Received>();
  for (const receipt of receipts) {
    const before = first.get(receipt.actId);
    if (!before || receipt.at < before.at) first.set(receipt.actId, receipt);
  }
  return [...first.values()];
}

async function writeReceipts(tx: Tx, receipts: readonly Received[]): Promise<void> {
  await tx.query(
    PUT_RECEIPTS([receipts.map((one) => one.actId), receipts.map((one) => one.stayId), receipts.map((one) => one.at)]),
  );
}

/** The stays of the receipts that met no deadline in time. */
async function unmet(tx: Tx, receipts: readonly Received[]): Promise<string[]> {
  const { rows } = await tx.query<{ name: string; at: Instant }>(
    MEET_DEADLINES([receipts.map((one) => one.stayId), receipts.map((one) => one.actId)]),
  );
  const deadlines = new Map(rows.map((row) => [row.name, row.at]));
  return receipts
    .filter(({ actId, at }) => {
      const deadline = deadlines.get(actId);
      return deadline === undefined || at > deadline;
    })
    .map((one) => one.stayId);
}
