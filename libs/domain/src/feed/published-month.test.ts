import { describe, expect, it } from '@jest/globals';
import type { StayProfile } from '../patterns/stay-profile.ts';
import { type CountedStay, type MonthLine, monthTable } from './month-table.ts';
import { countsOf, ratesOf, recurringPairs, recurringUnits } from './published-month.ts';

const line = (measure: string, value: string, count: number, within = 'region/SOM'): MonthLine => ({
  ...{ measure, dimension: 'unit', within, value, count },
});
const MONTH = {
  month: '2026-05',
  lines: [
    line('discharges', 'one', 40),
    line('discharges', 'one', 20, 'region/PSY'),
    line('discharges', 'two', 10),
    line('INS-01', 'one', 10),
    line('INS-01', 'one', 10, 'region/PSY'),
    // What its unit was discharged of is held back.
    line('INS-01', 'three', 9),
  ],
};

it('counts of a measure are those of one dimension', () => {
  expect(countsOf(MONTH, 'INS-01', 'unit').map(({ value }) => value)).toEqual(['one', 'one', 'three']);
  expect(countsOf(MONTH, 'INS-01', 'total')).toEqual([]);
});

it('a rate is a unit’s count over its own discharges of the same care, and there is none where either is held back', () => {
  expect(ratesOf([MONTH], 'INS-01')).toMatchObject([
    { unit: 'one', within: 'region/SOM', month: '2026-05', count: 10, of: 40, rate: 0.25 },
    { unit: 'one', within: 'region/PSY', month: '2026-05', count: 10, of: 20, rate: 0.5 },
  ]);
});

const K = 3;

const stay = (clinic: string, board: string | undefined, codes: readonly string[]): CountedStay => {
  const profile: StayProfile = {
    ...{ organisation: 'O', unit: 'A', hospitalKind: 'region', careType: 'SOM', municipalityKind: 'large' },
    ...{ municipality: '0180', sex: 'female', age: '80+', need: 'stated', isCounted: true, month: '2026-05' },
    clinic,
    ...(board !== undefined && { board }),
  };
  return { profile, codes };
};
const stays = (n: number, clinic: string, board: string, codes: readonly string[] = []): CountedStay[] =>
  Array.from({ length: n }, () => stay(clinic, board, codes));
const pairsIn = (all: readonly CountedStay[], threshold = K) =>
  recurringPairs(all, monthTable(all, threshold).lines, threshold).map(
    ({ measure, kind, first, second }) => `${measure} ${kind} ${first} ${second}`,
  );

describe('pairs in which a code comes back', () => {
  const ordinary = [...stays(400, 'C2', 'B2'), ...stays(20, 'C2', 'B2', ['INS-01'])];

  it('are named when their share lies three standard errors above that of all', () => {
    const bad = [...stays(60, 'C1', 'B1'), ...stays(40, 'C1', 'B1', ['INS-01'])];
    expect(pairsIn([...ordinary, ...bad])).toEqual(['INS-01 clinic-board C1 B1', 'INS-01 board-hospital B1 O']);
    const usual = [...stays(95, 'C1', 'B1'), ...stays(5, 'C1', 'B1', ['INS-01'])];
    expect(pairsIn([...ordinary, ...usual])).toEqual([]);
  });

  it('are not named for a protected person, and not without the other one of the two', () => {
    const bad = [...stays(60, 'C1', 'B1'), ...stays(40, 'C1', 'B1', ['INS-01'])];
    const hidden = bad.map(({ profile, codes }) => ({ profile: { ...profile, isCounted: false }, codes }));
    expect(pairsIn([...ordinary, ...hidden])).toEqual([]);
    expect(pairsIn([...ordinary, ...bad.map(({ codes }) => stay('C1', undefined, codes))])).toEqual([]);
  });

  const bad = stays(40, 'C1', 'B1', ['INS-01']);
  it.each([
    ['few have the code', [...stays(2, 'C1', 'B1', ['INS-01']), ...stays(8, 'C1', 'B1')]],
    ['few are without it', [...bad, ...stays(2, 'C1', 'B1')]],
    [
      'the clinic has few of the code elsewhere',
      [...bad, ...stays(60, 'C1', 'B1'), ...stays(2, 'C1', 'B3', ['INS-01'])],
    ],
    [
      'the board has few of the code elsewhere',
      [...bad, ...stays(60, 'C1', 'B1'), ...stays(2, 'C3', 'B1', ['INS-01'])],
    ],
  ])('are not named when %s', (_name, some) => {
    expect(pairsIn([...ordinary, ...some])).not.toContain('INS-01 clinic-board C1 B1');
  });
});

describe('who knows how many each of the two has, and which pairs are named', () => {
  const PLACES = [
    ['C1', 'B1'],
    ['C1', 'B2'],
    ['C2', 'B1'],
    ['C2', 'B2'],
  ] as const;
  const SOME = [0, 1, 2, 4, 9, 14];
  const WITHOUT = PLACES.flatMap(([clinic, board]) => stays(60, clinic, board));
  const WITH = PLACES.map(([clinic, board]) => stays(Math.max(...SOME), clinic, board, ['INS-01']));

  /** So many stays of the code in each of the four pairs, beside 60 without it; of all in the county, few have it. */
  function named(counts: readonly number[]): string {
    const sum = counts.reduce((a, b) => a + b, 0);
    const total = { dimension: 'total' as const, within: '', value: '' };
    const lines = [
      { ...total, measure: 'discharges', count: 1_000 + sum },
      { ...total, measure: 'INS-01', count: 10 + sum },
    ];
    const all = [...WITHOUT, ...WITH.flatMap((some, n) => some.slice(0, counts[n]))];
    return recurringPairs(all, lines, K)
      .map(({ kind, first, second }) => `${kind} ${first} ${second}`)
      .join();
  }

  it('cannot work out a small number that the sums alone do not give away', () => {
    const all = SOME.flatMap((a) => SOME.flatMap((b) => SOME.flatMap((c) => SOME.map((d) => [a, b, c, d]))));
    const sums = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): string => [a + b, c + d, a + c, b + d].join();
    const found: unknown[] = [];
    const tellings = new Set<string>();
    for (const alike of Map.groupBy(all, sums).values()) {
      for (const [pairs, left] of Map.groupBy(alike, named)) {
        tellings.add(pairs);
        for (const n of PLACES.keys()) {
          const [before, after] = [alike, left].map((some) => new Set(some.map((counts) => counts[n])));
          const [only = 0] = after ?? [];
          if (after?.size === 1 && (before?.size ?? 0) > 1 && only > 0 && only < K) found.push({ left, n, pairs });
        }
      }
    }
    expect(found).toEqual([]);
    expect(tellings.size).toBeGreaterThan(2);
  });
});

it('units are told of in the month in which their share is flagged upwards, in the numbers of the tables alone', () => {
  const month = (name: string, count: number) => ({
    month: name,
    lines: [
      { measure: 'discharges', dimension: 'unit' as const, within: 'region/SOM', value: 'A', count: 100 },
      { measure: 'INS-01', dimension: 'unit' as const, within: 'region/SOM', value: 'A', count },
      { measure: 'need-none', dimension: 'unit' as const, within: '', value: 'A', count: 100 - count },
    ],
  });
  const past = ['01', '02', '03', '04', '05', '06'].map((name) => month(`2026-${name}`, 20));
  const units = (count: number) => recurringUnits([...past, month('2026-07', count)], '2026-07');
  expect(units(20)).toEqual([]);
  expect(units(7)).toEqual([]);
  expect(units(40)).toEqual([
    { measure: 'INS-01', unit: 'A', within: 'region/SOM', count: 40, of: 100, flags: ['above-own-past'] },
  ]);
  expect(recurringUnits([...past, month('2026-07', 40)], '2026-06')).toEqual([]);
});
