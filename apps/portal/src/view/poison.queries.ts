import type { GarbledRecord, InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { entryOf, fault } from '#libs/platform';

/** Why a record cannot be shown. Holds no content: it may be logged. */
export class UnreadableRecord extends Error {}

const insert = (schema: string) => `
insert into ${schema}.poison (topic, part, at_offset, error_code, at) values ($1, $2, $3, $4, $5)
on conflict do nothing`;

/** Sets a record aside by its place in the log (architecture 2.9); the partition moves on. @returns the code it got */
export async function setAside(
  tx: Tx,
  schema: string,
  record: InRecord | GarbledRecord,
  error: Error,
  at: number,
): Promise<string> {
  const garbled = 'garbled' in record;
  const { code } = entryOf(
    fault(garbled || error instanceof UnreadableRecord ? 'undecodable-record' : 'poison-record'),
  );
  const { topic, partition, offset } = record;
  await tx.query({
    name: `poison-${schema}`,
    text: insert(schema),
    values: [topic, partition, String(offset), code, at],
  });
  return code;
}
