import { describe, expect, it } from '@jest/globals';
import { limitsOf, rates, wilson, type MonthOfUnit } from './rates.ts';

const month = (n: number, count: number, of = 100, unit = 'A'): MonthOfUnit => ({
  ...{ unit, within: 'region/SOM', count, of },
  month: `20${20 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`,
});
const series = (counts: readonly number[], of = 100, unit = 'A'): MonthOfUnit[] =>
  counts.map((count, n) => month(n, count, of, unit));
const flagsOf = (months: readonly MonthOfUnit[]): (readonly string[])[] => rates(months).map(({ flags }) => flags);

describe('Wilson’s interval', () => {
  // Wilson 1927 as in Newcombe 1998, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is %d to %d', (count, of, low, high) => {
    expect(wilson(count, of).low).toBeCloseTo(low, 4);
    expect(wilson(count, of).high).toBeCloseTo(high, 4);
  });
});

describe('a month against its own past', () => {
  it('is flagged outside three standard errors, and not inside', () => {
    const past = [20, 20, 20, 20, 20, 20];
    expect(limitsOf(0.2, 100)?.high).toBeCloseTo(0.32, 10);
    expect(flagsOf(series([...past, 32])).at(-1)).toEqual([]);
    expect(flagsOf(series([...past, 33])).at(-1)).toEqual(['above-own-past']);
    expect(flagsOf(series([...past, 7])).at(-1)).toEqual(['below-own-past']);
  });

  it('needs six months before it, and enough stays for the limits to mean anything', () => {
    expect(flagsOf(series([20, 20, 20, 20, 20, 90])).at(-1)).toEqual([]);
    expect(flagsOf([...series([20, 20, 20, 20, 20, 20]), month(6, 10, 20)]).at(-1)).toEqual([]);
  });

  it('is flagged as the eighth in a row on one side, however near', () => {
    const before = [20, 20, 20, 20, 20, 20];
    expect(flagsOf(series([...before, ...Array<number>(7).fill(22)])).at(-1)).toEqual([]);
    expect(flagsOf(series([...before, ...Array<number>(8).fill(22)])).at(-1)).toEqual(['eight-above']);
    expect(flagsOf(series([...before, ...Array<number>(8).fill(18)])).at(-1)).toEqual(['eight-below']);
  });
});

it('a unit is set against the others of its kind and care type, itself left out', () => {
  const months = [
    month(0, 60),
    month(0, 20, 100, 'B'),
    month(0, 20, 100, 'C'),
    { ...month(0, 90, 100, 'D'), within: 'private/PSY' },
  ];
  const [a, , , d] = rates(months);
  expect(a).toMatchObject({ rate: 0.6, peers: { rate: 0.2, units: 2 }, flags: ['above-peers'] });
  expect(d?.peers).toBeUndefined();
  expect(
    rates(months.toReversed())
      .map(({ unit, flags }) => [unit, flags])
      .sort(),
  ).toEqual(
    rates(months)
      .map(({ unit, flags }) => [unit, flags])
      .sort(),
  );
});
