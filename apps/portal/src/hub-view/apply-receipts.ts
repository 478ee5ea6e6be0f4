import type { Communication } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { isUnreadable, readReceipt, type Receipt, type Unreadable } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { readJson, rowOf } from '../view/columns.ts';
import { distinctRows, withdrawCommunications, writeRows } from '../view/rows.queries.ts';
import { HUB_KEY, HUB_SCHEMA } from './schema.ts';
import { lockStays } from './stays.queries.ts';

interface Received {
  readonly receipt: Receipt;
  readonly communication: Communication;
}

/** A record that was read as a receipt is a Communication: the one place where that is said to the compiler. */
function readBoth(value: unknown): Received | Unreadable {
  const receipt = readReceipt(value);
  return isUnreadable(receipt) ? receipt : { receipt, communication: value as Communication };
}

const KEEP = `insert into ${HUB_SCHEMA}.withdrawn (communication_id) select unnest($1::text[]) on conflict do nothing`;
const WITHDRAWN = `select communication_id as id from ${HUB_SCHEMA}.withdrawn where communication_id = any($1)`;

/** Which of the notices are withdrawn, those of this batch included: a withdrawal may overtake what it withdraws. */
async function withdrawnOf(tx: Tx, received: readonly Received[]): Promise<ReadonlySet<string>> {
  const withdrawn = received.flatMap(({ receipt }) => receipt.withdraws);
  if (withdrawn.length > 0) await tx.query({ name: 'portal-withdrawn-keep', text: KEEP, values: [withdrawn] });
  const ids = received.map(({ receipt }) => receipt.deliveryId);
  const { rows } = await tx.query<{ id: string }>({ name: 'portal-withdrawn', text: WITHDRAWN, values: [ids] });
  return new Set(rows.map(({ id }) => id));
}

/**
 * Applies records of `receipts`: the Communication as its sender may see it, with `received` (contract 4). The stay's row
 * is locked, so that either this finds the sender in it or the record that brings the sender finds the receipt.
 * @throws UnreadableRecord for a record that is no receipt
 */
export async function applyReceipts(tx: Tx, records: readonly InRecord[], now: Instant): Promise<void> {
  const received = records.map((record) => readJson(record, readBoth));
  const stays = await lockStays(
    tx,
    received.map(({ receipt }) => receipt.stayId),
  );
  const withdrawn = await withdrawnOf(tx, received);
  const rows = received.map(({ receipt, communication }) => {
    const stay = stays.get(receipt.stayId);
    const status = withdrawn.has(receipt.deliveryId) ? 'entered-in-error' : receipt.status;
    const row = rowOf(communication, {
      audience: stay?.organisation,
      updatedAt: now,
      protection: receipt.protection ?? stay?.protection,
    });
    return { ...row, status };
  });
  const taken = received.flatMap(({ receipt }) => receipt.withdraws);
  await Promise.all([
    writeRows(tx, HUB_SCHEMA, HUB_KEY, distinctRows(rows)),
    withdrawCommunications(tx, HUB_SCHEMA, taken, now),
  ]);
}
