import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareStarts, dropSeen, judge } from './position.ts';
import type { InRecord } from './record.ts';
import type { Ends, Positions } from './offsets.ts';

describe('a batch against the stored position', () => {
  it.each([
    // next, first, last, end, sought, fresh
    [10n, 10n, 19n, 20n, false, false, 'take'],
    [15n, 10n, 19n, 20n, false, false, 'take'],
    [19n, 10n, 19n, 20n, false, false, 'take'],
    [20n, 10n, 19n, 20n, false, false, 'seek'],
    [5n, 10n, 19n, 20n, false, false, 'seek'],
    [5n, 10n, 19n, 20n, true, false, 'lost'],
    [0n, 10n, 19n, 20n, false, true, 'seek'],
    [0n, 10n, 19n, 20n, true, true, 'begin'],
    // Fetched before a freeze, judged after it: others have moved the position beyond the end of then.
    [21n, 10n, 19n, 20n, false, false, 'seek'],
    [21n, 10n, 19n, 20n, true, false, 'shrunk'],
    [21n, 0n, 3n, 4n, true, false, 'shrunk'],
  ] as const)(
    'next %s, batch %s..%s, end %s, sought %s, fresh %s: %s',
    (next, first, last, end, sought, fresh, judgement) => {
      expect(judge({ next, owner: fresh ? null : 'somebody' }, { first, last, end }, sought)).toBe(judgement);
    },
  );
});

const recordOf = (lane: string | undefined, seq: number): InRecord => ({
  topic: 't',
  partition: 0,
  offset: 0n,
  key: 'k',
  id: `${lane ?? ''}-${seq}`,
  kind: 'k',
  schemaVersion: 1,
  traceparent: '',
  timestamp: 0,
  headers: {},
  value: Buffer.alloc(0),
  ...(lane === undefined ? {} : { lane, seq }),
});

describe('dropping late copies', () => {
  it('leaves each seq of a lane once, in order, however blocks are repeated and wherever batches are cut', () => {
    const lanes = fc.array(fc.tuple(fc.constantFrom('a:1', 'b:1'), fc.nat(8)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lanes, fc.integer({ min: 1, max: 7 }), (sends, cut) => {
        // Each send repeats its lane from some earlier seq up to one beyond what was sent before, as a relay does after a death.
        const top: Record<string, number> = {};
        const log = sends.flatMap(([lane, back]) => {
          const last = (top[lane] ?? 0) + 2;
          top[lane] = last;
          const from = Math.max(1, last - 1 - back);
          return Array.from({ length: last - from + 1 }, (_, at) => recordOf(lane, from + at));
        });
        let seen: Record<string, number> = {};
        const kept: string[] = [];
        for (let at = 0; at < log.length; at += cut) {
          const result = dropSeen(log.slice(at, at + cut), seen);
          seen = result.seen;
          kept.push(...result.fresh.map((record) => ('id' in record ? record.id : '')));
        }
        for (const [lane, last] of Object.entries(top)) {
          expect(kept.filter((id) => id.startsWith(lane))).toEqual(
            Array.from({ length: last }, (_, at) => `${lane}-${at + 1}`),
          );
        }
      }),
    );
  });

  it('lets records without a lane pass and does not change what it was given', () => {
    const seen = { 'a:1': 5 };
    expect(dropSeen([recordOf(undefined, 0), recordOf('a:1', 6)], seen).fresh).toHaveLength(2);
    expect(seen).toEqual({ 'a:1': 5 });
  });
});

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
