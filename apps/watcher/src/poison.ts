import type { Instant } from '#libs/domain';
import type { GarbledRecord, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { entryOf } from '#libs/platform';
import { PUT_POISON } from './time.queries.ts';

/** The JSON of a record's value; undefined when it is none (no JSON text says undefined). */
export function readValue(record: InRecord): unknown {
  try {
    return JSON.parse(record.value.toString('utf8'));
  } catch {
    // Expected: a record that is no JSON. It is set aside, and its partition moves on (architecture 2.9).
    return undefined;
  }
}

/** Keeps where the records lie that could not be read or applied; their partition moves on. */
export async function setAside(
  tx: Tx,
  records: readonly (InRecord | GarbledRecord)[],
  fault: 'undecodable-record' | 'poison-record',
  now: Instant,
): Promise<void> {
  if (records.length === 0) return;
  const { code } = entryOf(fault);
  await tx.query(
    PUT_POISON([
      records.map((record) => record.topic),
      records.map((record) => record.partition),
      records.map((record) => String(record.offset)),
      records.map(() => code),
      records.map(() => now),
    ]),
  );
}
