import { writeOutcome } from '#libs/fhir';
import { isGarbled, type GarbledRecord, type InRecord, type OutRecord } from '#libs/messaging';
import { childTrace, entryOf, type Fault, type IdMaker } from '#libs/platform';

/**
 * The record on `rejected` for a record of `events` that the router could not apply (architecture 2.9): where it lies
 * and what is wrong with it. Its key is the event's, so that the watcher knows whose absences to hold.
 */
export function poisonRecord(
  record: InRecord | GarbledRecord,
  wrong: Fault,
  { topic, ids, now }: { readonly topic: string; readonly ids: IdMaker; readonly now: number },
): OutRecord {
  const { code, issue, severity, text } = entryOf(wrong);
  const { place } = wrong;
  const { partition, offset } = record;
  const where = ids.other('garbled', record.topic, `${partition}`, `${offset}`);
  const id = isGarbled(record) ? where : record.id;
  const rejectionId = ids.rejection(id, 0);
  const outcome = writeOutcome(
    { code, issueCode: issue, severity, text, ...(place !== undefined && { place }) },
    rejectionId,
  );
  return {
    topic,
    key: record.key ?? rejectionId,
    id: rejectionId,
    kind: 'rejected',
    schemaVersion: 1,
    traceparent: childTrace(record.headers['traceparent']),
    value: JSON.stringify({
      outcome,
      inbound: { id, topic: record.topic, partition, offset: `${offset}` },
      receivedAt: new Date(now).toISOString(),
    }),
  };
}
