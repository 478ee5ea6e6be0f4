import { expect, it } from '@jest/globals';
import type { MonthLine } from './month-table.ts';
import { countsOf, ratesOf } from './published-month.ts';

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
