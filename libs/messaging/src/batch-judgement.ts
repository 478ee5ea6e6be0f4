import type { Batch } from './consumer-seat.ts';
import type { Position } from './position.ts';
import type { GarbledRecord, InRecord } from './record.ts';
import { isGarbled } from './record.ts';

/**
 * How a batch stands to the stored position (architecture 2.6):
 * take = it begins at or overlaps it; seek = wholly below, or a gap or a short log seen for the first time; begin = a gap before a partition
 * of which nothing was ever applied (retention took its beginning); lost = the gap is there again: records are gone before they
 * were applied; shrunk = the log ends below the position, also after a seek: it was truncated or made anew.
 */
export type Judgement = 'take' | 'seek' | 'begin' | 'lost' | 'shrunk';

/** In: position, batch, whether a seek to this very position has been tried. Out: the judgement. Pure. */
export function judge(
  position: Pick<Position, 'next' | 'fresh'>,
  batch: Pick<Batch, 'first' | 'last' | 'end'>,
  sought: boolean,
): Judgement {
  // A member that was frozen judges a batch by the end that the log had when it was fetched: only one fetched after a seek shows the end of now.
  if (batch.end < position.next) return sought ? 'shrunk' : 'seek';
  if (batch.last < position.next) return 'seek';
  if (batch.first <= position.next) return 'take';
  if (!sought) return 'seek';
  return position.fresh ? 'begin' : 'lost';
}

/**
 * Drops what a stopped relay sent again: within a lane seq only grows, so one not above the last seen is a late copy (architecture 2.7).
 * In: records in their order, the last seq seen per lane. Out: the rest, and the new last seqs. Pure.
 */
export function dropSeen(
  records: readonly (InRecord | GarbledRecord)[],
  seen: Readonly<Record<string, number>>,
): { fresh: (InRecord | GarbledRecord)[]; seen: Record<string, number> } {
  const last = { ...seen };
  const fresh = records.filter((record) => {
    if (isGarbled(record) || record.lane === undefined || record.seq === undefined) return true;
    if (record.seq <= (last[record.lane] ?? 0)) return false;
    last[record.lane] = record.seq;
    return true;
  });
  return { fresh, seen: last };
}
