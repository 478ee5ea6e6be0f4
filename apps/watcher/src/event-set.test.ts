import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { absorbed, type KeptEvent } from './event-set.ts';
import { may, message } from './ward.fixture.ts';

const BASE = message('A01', { sent: '04 08:30' });
const copy = (revision: number, intake: string, ordinal = 0): KeptEvent => ({
  event: { ...BASE, revision, ordinal, eventId: `${BASE.inboundId}/${ordinal}`, intakeAt: may(intake) },
  publishedAt: 1,
});

function folded(copies: readonly KeptEvent[]): readonly KeptEvent[] {
  let known: readonly KeptEvent[] = [];
  for (const next of copies) {
    const change = absorbed(known, next);
    if (!change) continue;
    const ids = new Set([...change.put, ...change.removed].map((one) => one.event.eventId));
    known = [...known.filter((one) => !ids.has(one.event.eventId)), ...change.put];
  }
  return [...known].sort((a, b) => a.event.ordinal - b.event.ordinal);
}

describe('the events of one message', () => {
  it('take in the first copy and drop the second', () => {
    const first = copy(1, '04 09:00');
    expect(absorbed([], first)).toEqual({ put: [first], removed: [] });
    expect(absorbed([first], copy(1, '04 09:30'))).toBeUndefined();
  });

  it('keep the earliest intake of any copy', () => {
    const change = absorbed([copy(2, '04 09:00')], copy(1, '04 08:45'));
    expect(change?.put.map(({ event }) => [event.revision, event.intakeAt])).toEqual([[2, may('04 08:45')]]);
  });

  it('are all replaced by a higher revision', () => {
    const known = [copy(1, '04 09:00'), copy(1, '04 09:00', 1)];
    const change = absorbed(known, copy(2, '05 09:00'));
    expect(change?.put.map(({ event }) => [event.ordinal, event.revision, event.intakeAt])).toEqual([
      [0, 2, may('04 09:00')],
    ]);
    expect(change?.removed).toEqual([known[1]]);
  });

  it('end the same in whatever order and however often the copies come', () => {
    const all = [1, 2, 3].flatMap((revision) =>
      [0, 1].flatMap((ordinal) => ['04 09:00', '04 10:00'].map((intake) => copy(revision, intake, ordinal))),
    );
    const expected = folded(all);
    expect(expected.map(({ event }) => [event.revision, event.intakeAt])).toEqual([
      [3, may('04 09:00')],
      [3, may('04 09:00')],
    ]);
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }), (order) => {
        expect(folded(order)).toEqual(expected);
      }),
    );
  });
});
