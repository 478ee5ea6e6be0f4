import type { InRecord } from '#libs/messaging';

/** The JSON of a record's value; undefined when it is none (no JSON text says undefined). */
export function readValue(record: InRecord): unknown {
  try {
    return JSON.parse(record.value.toString('utf8'));
  } catch {
    // Expected: a record that is no JSON. It is set aside, and its partition moves on (architecture 2.9).
    return undefined;
  }
}
