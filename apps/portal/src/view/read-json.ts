import type { InRecord } from '#libs/messaging';
import { isUnreadable, type Unreadable } from '#libs/fhir';
import { UnreadableRecord } from '#libs/platform';

/**
 * What a record says, by the reader of its topic.
 * @throws UnreadableRecord when it is no JSON or not what its topic promises: the consumer sets that record aside
 */
export function readJson<T extends object>(record: InRecord, read: (value: unknown) => T | Unreadable): T {
  const result = read(parsed(record.value));
  if (isUnreadable(result)) throw new UnreadableRecord(result.unreadable);
  return result;
}

/** The record's value as JSON. @throws UnreadableRecord */
function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8')) as unknown;
  } catch {
    throw new UnreadableRecord('not JSON');
  }
}
