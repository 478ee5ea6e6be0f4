import { statedTime, type Instant, type Stated, type StatedTime } from '#libs/domain';
import { parseTimestamp, type Value } from '#libs/hl7v2';
import type { Findings } from './findings.ts';

/**
 * A time as the sender wrote it, its precision kept; Stockholm's where no offset is written. An hour that the clock
 * change leaves out or repeats is a fault unless an offset settles it (standards 3.3).
 */
export function readTime(value: Value, place: string, findings: Findings): Stated<StatedTime> {
  if (value.kind === 'absent') return undefined;
  if (value.kind === 'null') return null;
  const parsed = parseTimestamp(value.text);
  const time = parsed.ok ? statedTime(parsed.value) : 'unreadable';
  if (typeof time === 'object') return time;
  findings.add(FAULTS[time], place);
  return undefined;
}

const FAULTS = { unreadable: 'bad-timestamp', gap: 'time-in-gap', overlap: 'time-in-overlap' } as const;

/**
 * When a fact holds from: a precise time at its start, one that names a day or an hour at the last millisecond of it,
 * but never after it was sent (contract 5). A minute is precise. The last millisecond and not the first after it,
 * because that belongs to the next local day.
 */
export function factInstant(time: StatedTime, sentAt: Instant): Instant {
  return IMPRECISE.has(time.precision) ? Math.min(time.end - 1, sentAt) : time.start;
}

const IMPRECISE: ReadonlySet<StatedTime['precision']> = new Set(['year', 'month', 'day', 'hour']);
