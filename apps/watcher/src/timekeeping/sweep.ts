import type { Pool } from 'pg';
import type { Instant } from '#libs/domain';
import { lockLane, Outbox } from '#libs/messaging';
import { retryingTransaction, type Tx } from '#libs/persistence';
import { judgeStays, type JudgingParts } from '../judging/judge-stays.ts';
import { SCHEMA } from '../migrations/index.ts';
import type { HubTime, HubTimes } from '../watermark/hub-time.ts';
import { lockAll } from '../judging/watched-stay.ts';
import { DUE } from './time.queries.ts';

export interface SweepParts {
  readonly pool: Pool;
  readonly judging: JudgingParts;
  readonly hubTimes: HubTimes;
  /** Called after each commit that had something to say. */
  readonly onSaid: (lane: number, records: number) => void;
}

/** The place in the order of deadlines that a sweep has come to. */
interface Cursor {
  readonly at: Instant;
  readonly stayId: string;
}

const START: Cursor = { at: Number.MIN_SAFE_INTEGER, stayId: '' };
const LANE = 'timers';
/** Stays of one transaction: short enough that messages of the same stays do not wait long. */
const STAYS_AT_ONCE = 200;

/**
 * Judges every stay with a deadline at or before the stored watermark (architecture 7). Safe with several replicas: the
 * lane's row is locked, the stays are, and a stay judged twice says nothing new. `stepping`: the caller knows that no outage
 * is unknown, because everything was applied and the clock is being moved. Answers how many records were said.
 */
export async function sweep(parts: SweepParts, stepping = false): Promise<number> {
  let said = 0;
  // The cursor passes each deadline once: one that cannot be judged yet stays, and waits for the next sweep.
  for (let cursor: Cursor | undefined = START; cursor;) {
    const chunk = await retryingTransaction(parts.pool, (tx) => sweepChunk(tx, parts, cursor ?? START, stepping));
    if (chunk.said > 0) parts.onSaid(chunk.lane, chunk.said);
    said += chunk.said;
    cursor = chunk.cursor;
  }
  return said;
}

interface Chunk {
  readonly said: number;
  readonly lane: number;
  readonly cursor: Cursor | undefined;
}

async function sweepChunk(tx: Tx, parts: SweepParts, after: Cursor, stepping: boolean): Promise<Chunk> {
  const lane = await lockLane(tx, SCHEMA, LANE);
  const read = await parts.hubTimes.read(tx);
  const time: HubTime = stepping ? { ...read, knownUntil: Infinity } : read;
  // A watermark that never was set says nothing; and PostgreSQL has no such bigint.
  if (time.watermark === -Infinity) return { said: 0, lane, cursor: undefined };
  const { rows } = await tx.query<{ stay_id: string; at: Instant }>(
    DUE([time.watermark, after.at, after.stayId, STAYS_AT_ONCE]),
  );
  const last = rows.at(-1);
  if (!last) return { said: 0, lane, cursor: undefined };
  const stays = await lockAll(
    tx,
    rows.map((row) => row.stay_id),
  );
  const records = await judgeStays(tx, stays, time, parts.judging);
  await Outbox.append(tx, SCHEMA, lane, records);
  const cursor = rows.length < STAYS_AT_ONCE ? undefined : { at: last.at, stayId: last.stay_id };
  return { said: records.length, lane, cursor };
}
