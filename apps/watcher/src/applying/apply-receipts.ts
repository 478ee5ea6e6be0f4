import type { Instant } from '#libs/domain';
import { isUnreadable, readReceipt } from '#libs/fhir';
import type { BatchContext, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { judgeStays, judgingNow, sayBecause, type JudgingParts } from '../judging/judge-stays.ts';
import { readValue } from '../read-value.ts';
import type { HubTimes } from '../watermark/hub-time.ts';
import { keepStays, lockWhatIsInMemory } from '../judging/watched-stay.ts';
import { MEET_DEADLINES, PUT_RECEIPTS } from '../watermark/time.queries.ts';

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
    const now = judgingNow(judging);
    // Locked also when not known yet: the events of the stay, applied at the same time, must see the receipt or be seen.
    const ids = receipts.map((one) => one.stayId);
    const { inMemory, load } = await lockWhatIsInMemory(tx, ids, now.kept);
    const known = new Map(inMemory.map((stay) => [stay.stayId, stay]));
    await writeReceipts(tx, receipts);
    for (const { stayId, actId, at } of receipts) known.get(stayId)?.receive(actId, at);
    const unmet = await staysUnmet(tx, receipts);
    const loaded = await load(unmet.filter((stayId) => !known.has(stayId)));
    const stays = [...unmet.flatMap((stayId) => known.get(stayId) ?? []), ...loaded];
    const time = await hubTimes.read(tx);
    // A stay without events has nothing to be judged.
    const judged = stays.filter(({ events }) => events.size > 0);
    sayBecause(context, await judgeStays(tx, judged, time, now), causes, records);
    context.afterCommit(() => keepStays([...inMemory, ...loaded], now.kept));
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
async function staysUnmet(tx: Tx, receipts: readonly Received[]): Promise<string[]> {
  const { rows } = await tx.query<{ name: string; at: Instant }>(
    MEET_DEADLINES([receipts.map((one) => one.stayId), receipts.map((one) => one.actId)]),
  );
  const deadlines = new Map(rows.map((row) => [row.name, row.at]));
  const unmet = receipts.filter(({ actId, at }) => {
    const deadline = deadlines.get(actId);
    return deadline === undefined || at > deadline;
  });
  return [...new Set(unmet.map((one) => one.stayId))];
}
