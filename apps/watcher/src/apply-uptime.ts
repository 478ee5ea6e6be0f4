import type { Instant } from '#libs/domain';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { readValue } from './read-value.ts';
import { AGAIN_FOR_OUTAGE, LOCK_BEAT, PUT_OUTAGES, SET_BEAT } from './time.queries.ts';
import { mergeBeats, readBeat } from './uptime.ts';

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
    for (const { from, to } of merge.outages) await tx.query(AGAIN_FOR_OUTAGE([from, to, limits.outageGrace]));
  }
  return {
    unreadable: read.flatMap(({ record, beat }) => (beat ? [] : [record])),
    outages: merge.outages.length,
  };
}
