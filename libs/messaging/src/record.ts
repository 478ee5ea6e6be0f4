/**
 * Headers that only `inbound` has. `intake` (an instant) only under the driven clock (architecture 7); `intake-stamp` is the
 * order in which one replica took messages in (DEC-20).
 */
export interface InboundHeaders {
  sender?: string;
  intake?: string;
  'intake-stamp'?: string;
  'content-type'?: string;
}

/** A record on its way out. The key decides the partition; no field but value may hold content. */
export interface OutRecord {
  topic: string;
  key: string;
  id: string;
  kind: string;
  schemaVersion: number;
  traceparent: string;
  value: Buffer | string;
  extra?: InboundHeaders;
}

/** What the relay adds: records of one lane carry a growing seq, so that readers can drop late copies (architecture 2.7). */
export interface LaneMark {
  lane: string;
  seq: number;
}

/** A record as read. `timestamp` is the broker's, in ms. */
export interface InRecord {
  topic: string;
  partition: number;
  offset: bigint;
  key: string;
  id: string;
  kind: string;
  schemaVersion: number;
  traceparent: string;
  lane?: string;
  seq?: number;
  timestamp: number;
  headers: Record<string, string>;
  value: Buffer;
}

/** A record that cannot be read as one of ours; `garbled` says why, without content. */
export interface GarbledRecord {
  garbled: string;
  topic: string;
  partition: number;
  offset: bigint;
  timestamp: number;
  key: string | null;
  headers: Record<string, string>;
  value: Buffer;
}

/** In: a record as decoded. Out: whether it is one that could not be read. */
export function isGarbled(record: InRecord | GarbledRecord): record is GarbledRecord {
  return 'garbled' in record;
}
