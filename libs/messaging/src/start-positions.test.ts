import { describe, expect, it } from '@jest/globals';
import type { Ends, Positions } from './offsets.ts';
import { compareStarts } from './start-positions.ts';

const at = (next?: bigint): Positions => new Map(next === undefined ? [] : [['events', new Map([[0, next]])]]);
const log = (low: bigint, high: bigint): Ends => new Map([['events', [{ low, high }]]]);
const given = [{ topic: 'events', partition: 0 }];

describe('where a consumer starts', () => {
  it.each([
    ['both agree', 7n, 7n, undefined],
    ['nothing was ever applied', undefined, undefined, undefined],
    ['Kafka was told less', 7n, 5n, 7n],
    ['Kafka was told nothing', 7n, undefined, 7n],
    ['PostgreSQL is older', 3n, 7n, 3n],
    ['PostgreSQL knows nothing', undefined, 7n, 1n],
  ])('is what PostgreSQL says: %s', (_, stored, hint, offset) => {
    const { seeks, beyond } = compareStarts(given, at(stored), at(hint), log(1n, 9n));
    expect(seeks.map((seek) => seek.offset)).toEqual(offset === undefined ? [] : [offset]);
    expect(beyond).toEqual([]);
  });

  it.each([
    [3n, 7n, 4n],
    [undefined, 7n, 6n],
    [7n, 3n, 0n],
  ])('says how much an older PostgreSQL has forgotten: stored %s, told %s', (stored, hint, forgotten) => {
    expect(compareStarts(given, at(stored), at(hint), log(1n, 9n)).forgotten).toBe(forgotten);
  });

  it('is nowhere when the log ends below the stored position, also when it is empty', () => {
    for (const end of [0n, 6n]) {
      const { seeks, beyond } = compareStarts(given, at(7n), at(7n), log(0n, end));
      expect([seeks, beyond]).toEqual([[], [{ topic: 'events', partition: 0, next: 7n, end }]]);
    }
  });
});
