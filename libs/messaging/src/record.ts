import type { IHeaders, KafkaMessage } from 'kafkajs';

/** One partition of one topic. */
export interface Place {
  topic: string;
  partition: number;
}

/** One name for a partition of a topic. */
export const place = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * Headers that only `inbound` has. `intake` (an instant) only under the driven clock (architecture 7); `intake-stamp` is the
 * order in which one replica took messages in (DEC-20). `answer`: an application answer is to follow (HL7 v2's enhanced mode).
 * `written-by`: not its sender wrote it, but the hub's operator in the sender's name.
 */
export interface InboundHeaders {
  sender?: string;
  intake?: string;
  'intake-stamp'?: string;
  answer?: string;
  'written-by'?: string;
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

/** A record in Kafka's form. */
export interface EncodedRecord {
  key: string;
  value: Buffer;
  headers: Record<string, string>;
}

/** What a message of a batch must have; more is ignored. */
export type RawMessage = Pick<KafkaMessage, 'key' | 'value' | 'offset' | 'timestamp' | 'headers'>;

/**
 * The one place where a record is written (architecture 6: encryption per stay will sit here).
 * In: a record, and lane and seq when the relay sends it. Out: key, value, headers; the timestamp is left to the broker (architecture 7).
 */
export function encodeRecord(record: OutRecord, mark?: LaneMark): EncodedRecord {
  const headers: Record<string, string> = {
    id: record.id,
    kind: record.kind,
    'schema-version': String(record.schemaVersion),
    traceparent: record.traceparent,
  };
  for (const [name, value] of Object.entries(record.extra ?? {})) if (typeof value === 'string') headers[name] = value;
  if (mark !== undefined) {
    headers['lane'] = mark.lane;
    headers['seq'] = String(mark.seq);
  }
  return {
    key: record.key,
    value: typeof record.value === 'string' ? Buffer.from(record.value) : record.value,
    headers,
  };
}

/**
 * The one place where a record is read. Never throws: what is not one of ours comes back as garbled.
 * In: topic, partition and kafkajs's message. Out: the record, or why it cannot be read.
 */
export function decodeRecord(topic: string, partition: number, message: RawMessage): InRecord | GarbledRecord {
  const headers = textHeaders(message.headers);
  const offset = BigInt(message.offset);
  const timestamp = Number(message.timestamp);
  const key = message.key === null ? null : message.key.toString('utf8');
  const value = message.value ?? Buffer.alloc(0);
  const garbled = (reason: string): GarbledRecord => {
    return { garbled: reason, topic, partition, offset, timestamp, headers, key, value };
  };

  const { id, kind, traceparent, lane } = headers;
  if (key === null) return garbled('no key');
  if (message.value === null) return garbled('no value');
  if (!id) return garbled('no id');
  if (!kind) return garbled('no kind');
  if (traceparent === undefined) return garbled('no traceparent');
  const schemaVersion = wholeNumber(headers['schema-version']);
  if (schemaVersion === undefined) return garbled('no schema-version');
  const record: InRecord = {
    topic,
    partition,
    offset,
    timestamp,
    headers,
    key,
    id,
    kind,
    schemaVersion,
    traceparent,
    value,
  };
  if (lane === undefined && headers['seq'] === undefined) return record;
  const seq = wholeNumber(headers['seq']);
  if (!lane || seq === undefined) return garbled('lane without seq, or seq without lane');
  record.lane = lane;
  record.seq = seq;
  return record;
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

/** A header given twice counts as its last: the rest of the world writes what it likes, but only once do we. */
function textHeaders(headers: IHeaders = {}): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) texts[name] = last.toString();
  }
  return texts;
}

// Kafka's own cost of a record (lengths, deltas) is below this; to be above it is harmless.
const recordOverhead = 40;

/** In: a record in Kafka's form. Out: no less than the bytes it takes in a batch. */
export function encodedSize(record: EncodedRecord): number {
  let size = recordOverhead + Buffer.byteLength(record.key) + record.value.length;
  const { headers } = record;
  for (const name in headers) size += name.length + Buffer.byteLength(headers[name] ?? '') + 6;
  return size;
}
