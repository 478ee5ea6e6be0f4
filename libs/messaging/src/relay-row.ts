import type { SendableRecord } from './partition-book.ts';

/** A row of the outbox as the relay reads it. */
export interface OutboxRow {
  lane: number;
  seq: string;
  id: string;
  topic: string;
  key: string;
  kind: string;
  schema_version: number;
  traceparent: string;
  value: string;
}

/** A row that can never be sent. */
export interface StuckRow {
  id: string;
  topic: string;
  reason: string;
}

/** In: schema, row. Out: its record. The schema makes the lane's name unique among the apps that write to a topic. */
export function recordOf(schema: string, row: OutboxRow): SendableRecord {
  const { id, topic, key, kind, traceparent, value } = row;
  const mark = { lane: `${schema}:${row.lane}`, seq: Number(row.seq) };
  return { topic, key, id, kind, traceparent, value, schemaVersion: row.schema_version, ...mark };
}
