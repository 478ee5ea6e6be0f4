import { describe, expect, it } from '@jest/globals';
import { recordsBetween } from './backlog.ts';

describe('a backlog', () => {
  it('is what lies between the positions and the ends; what was never consumed counts from its beginning', () => {
    const ends = new Map([
      [
        'events',
        [
          { low: 0n, high: 10n },
          { low: 5n, high: 9n },
        ],
      ],
      ['receipts', [{ low: 0n, high: 0n }]],
    ]);
    expect(recordsBetween(new Map([['events', new Map([[0, 7n]])]]), ends)).toBe(7n);
    expect(recordsBetween(new Map(), ends)).toBe(14n);
  });
});
