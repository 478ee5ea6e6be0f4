import type { Instant, Outage } from '#libs/domain';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { readValue } from '../read-value.ts';
import { STAYS } from '../migrations/index.ts';
import { AGAIN_FOR_OUTAGE, LOCK_BEAT, PUT_OUTAGES, SET_BEAT, STAYS_OF_OUTAGE } from './time.queries.ts';

/**
 * The merge of all replicas' beats into the times without any (architecture 7).
 *
 *   none yet    the first beat begins the watch; nothing is known of what was before
 *   beating     the next beat comes within the limit
 *   silent      it comes later than that: from the last beat to this one the hub could store nothing
 *   stepped     the driven clock was moved while the hub was up: a beat right before at the old time, and this one naming
 *               that time; the step is no outage
 *
 * A beat older than the last (another replica's, or one sent again) changes nothing.
 */
export interface Beat {
  /** The hub's time. */
  readonly at: Instant;
  /** The driven clock's time before it was moved. */
  readonly steppedFrom?: Instant;
}

export interface Merge {
  readonly last: Instant | undefined;
  readonly outages: readonly Outage[];
}

/** Carries the merge on over more beats, in the order of the log. `limit`: how long a silence may be, ms. */
export function mergeBeats(last: Instant | undefined, beats: readonly Beat[], limit: number): Merge {
  const outages: Outage[] = [];
  for (const beat of beats) {
    if (last !== undefined && beat.at <= last) continue;
    const silentUntil = Math.min(beat.steppedFrom ?? beat.at, beat.at);
    if (last !== undefined && silentUntil - last > limit) outages.push({ from: last, to: silentUntil });
    last = beat.at;
  }
  return { last, outages };
}

/** What a record of `uptime` says; undefined when it is no beat. */
export function readBeat(value: unknown): Beat | undefined {
  if (typeof value !== 'object' || value === null || !('at' in value)) return undefined;
  const at = instantOf(value.at);
  if (at === undefined) return undefined;
  const steppedFrom = 'steppedFrom' in value ? instantOf(value.steppedFrom) : undefined;
  return steppedFrom === undefined ? { at } : { at, steppedFrom };
}

function instantOf(value: unknown): Instant | undefined {
  const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

export interface OutageLimits {
  /** How long a silence of the beats may be, ms. */
  readonly outageAfter: number;
  /** How long after an outage what it delayed may come, ms. */
  readonly outageGrace: number;
}

/**
 * Applies a batch of `uptime`: carries the merge of the beats on, and has the stays judged again that a new outage may
 * excuse; the sweep does that, some at a time. Answers the unreadable records, and whether there was an outage.
 */
export async function applyUptime(
  tx: Tx,
  records: readonly InRecord[],
  limits: OutageLimits,
): Promise<{ unreadable: InRecord[]; outages: number }> {
  const read = records.map((record) => ({ record, beat: readBeat(readValue(record)) }));
  const { rows } = await tx.query<{ at: Instant | null }>(LOCK_BEAT([]));
  const before = rows[0]?.at ?? undefined;
  const merge = mergeBeats(
    before,
    read.flatMap(({ beat }) => beat ?? []),
    limits.outageAfter,
  );
  if (merge.last !== before) await tx.query(SET_BEAT([merge.last]));
  if (merge.outages.length > 0) {
    await tx.query(PUT_OUTAGES([merge.outages.map((one) => one.from), merge.outages.map((one) => one.to)]));
    for (const outage of merge.outages) await judgeAgain(tx, outage, limits);
  }
  return {
    unreadable: read.flatMap(({ record, beat }) => (beat ? [] : [record])),
    outages: merge.outages.length,
  };
}

/** The stays are locked, as by everybody who writes of them: whoever has one in memory would not know of the new deadline. */
async function judgeAgain(tx: Tx, { from, to }: Outage, { outageGrace }: OutageLimits): Promise<void> {
  const { rows } = await tx.query<{ stay_id: string }>(STAYS_OF_OUTAGE([from, to, outageGrace]));
  const stayIds = rows.map((row) => row.stay_id);
  await STAYS.lockStays(tx, stayIds);
  await tx.query(AGAIN_FOR_OUTAGE([stayIds, from]));
}
