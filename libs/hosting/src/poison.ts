import { isGarbled, type GarbledRecord, type InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { fault, UnreadableRecord, type Fault } from '#libs/platform';

/** In: a record that stopped its stage, and what was thrown. Out: what is wrong with it, in the table of errors. */
export function faultOfRecord(record: InRecord | GarbledRecord, error: Error): Fault {
  if (isGarbled(record) || error instanceof SyntaxError) return fault('undecodable-record');
  return error instanceof UnreadableRecord ? error.fault : fault('poison-record');
}

const INSERT = `
insert into poison (topic, part, at_offset, error_code, at) values ($1, $2, $3, $4, $5)
on conflict do nothing`;

/**
 * Keeps where a record lies that could not be applied (table `poison` of the stage's schema): a person looks at it, and its
 * partition moves on (architecture 2.9). In: the batch's transaction, the record, what is wrong, the hub's time in ms.
 */
export async function putPoison(
  tx: Tx,
  { topic, partition, offset }: InRecord | GarbledRecord,
  { code }: Fault,
  at: number,
): Promise<void> {
  await tx.query({ name: 'poison', text: INSERT, values: [topic, partition, String(offset), code, at] });
}
