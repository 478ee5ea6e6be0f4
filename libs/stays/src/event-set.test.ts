import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { may, message, stayOf } from '../../../apps/watcher/test/ward.ts';
import { EventSet, type KeptEvent } from './event-set.ts';

const BASE = message('A01', { sent: '04 08:30' });
const copy = (revision: number, intake: string, ordinal = 0, stayId = BASE.stayId): KeptEvent => ({
  event: { ...BASE, stayId, revision, ordinal, eventId: `${BASE.inboundId}/${ordinal}`, intakeAt: may(intake) },
  publishedAt: 1,
});
const readIn = (set: EventSet, stayId = BASE.stayId): number[][] =>
  [...set.ofStay(stayId).values()]
    .map(({ event }) => [event.ordinal, event.revision, event.intakeAt])
    .sort(([a = 0], [b = 0]) => a - b);

describe('the events of one message', () => {
  it('take in the first copy and drop the second', () => {
    const set = new EventSet();
    const first = copy(1, '04 09:00');
    expect(set.knows(BASE.inboundId)).toBe(false);
    expect(set.take(first)).toEqual({ put: [first], removed: [] });
    expect(set.knows(BASE.inboundId)).toBe(true);
    expect(set.take(copy(1, '04 09:30'))).toBeUndefined();
    expect(set.changes()).toEqual({ put: [first], removed: [] });
  });

  it('keep the earliest intake of any copy, and when the reading that counts was published', () => {
    const set = new EventSet([{ ...copy(2, '04 09:00'), publishedAt: 7 }]);
    set.take({ ...copy(1, '04 08:45'), publishedAt: 9 });
    expect(set.changes().put.map(({ event, publishedAt }) => [event.revision, event.intakeAt, publishedAt])).toEqual([
      [2, may('04 08:45'), 7],
    ]);
  });

  it('are all replaced by a higher revision; what it has no more is removed from the table', () => {
    const known = [copy(1, '04 09:00'), copy(1, '04 09:00', 1)];
    const set = new EventSet(known);
    expect(set.take(copy(2, '05 09:00'))?.removed).toEqual(known);
    expect(readIn(set)).toEqual([[0, 2, may('04 09:00')]]);
    expect(set.changes().put.map(({ event }) => event.ordinal)).toEqual([0]);
    expect(set.changes().removed).toEqual([`${BASE.inboundId}/1`]);
  });

  it('leave the stay that an earlier reading put them into, and may come back', () => {
    const set = new EventSet([copy(1, '04 09:00')]);
    const other = stayOf('v9');
    set.take(copy(2, '04 09:00', 0, other));
    expect(readIn(set)).toEqual([]);
    expect(readIn(set, other)).toEqual([[0, 2, may('04 09:00')]]);
    set.take(copy(3, '04 09:00'));
    expect(readIn(set)).toEqual([[0, 3, may('04 09:00')]]);
    expect(readIn(set, other)).toEqual([]);
    expect(set.changes().put.map(({ event }) => [event.stayId, event.revision])).toEqual([[BASE.stayId, 3]]);
    expect(set.changes().removed).toEqual([]);
  });

  it('end the same in whatever order and however often the copies come', () => {
    const all = [1, 2, 3].flatMap((revision) =>
      [0, 1].flatMap((ordinal) => ['04 09:00', '04 10:00'].map((intake) => copy(revision, intake, ordinal))),
    );
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
        fc.nat({ max: all.length * 2 }),
        (order, cut) => {
          const first = new EventSet();
          for (const kept of order.slice(0, cut)) first.take(kept);
          // What was written is what the next batch loads.
          const second = new EventSet(first.changes().put);
          for (const kept of order.slice(cut)) second.take(kept);
          expect(readIn(second)).toEqual([
            [0, 3, may('04 09:00')],
            [1, 3, may('04 09:00')],
          ]);
        },
      ),
    );
  });
});
