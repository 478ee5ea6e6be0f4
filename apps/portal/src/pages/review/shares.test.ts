import { describe, expect, it } from '@jest/globals';
import type { PublishedMonth } from '#libs/domain';
import { callShares, noticeShares } from './shares.ts';

type Line = PublishedMonth['lines'][number];

const line = (measure: string, value: string, count: number, within = ''): Line => ({
  ...{ measure, dimension: 'unit', value, count, within },
});
const STRATUM = 'region/SOM';

/** A month of two units with a need each. */
function month(lines: readonly Line[], hidden: PublishedMonth['hidden'] = []): PublishedMonth {
  const known = ['A', 'B'].flatMap((unit) => [line('discharges', unit, 60, STRATUM), line('need-stated', unit, 40)]);
  return { month: '2026-05', publishedAt: '', threshold: 5, lines: [...known, ...lines], hidden };
}

const ofA = (published: PublishedMonth): unknown => noticeShares(published).find(({ unit }) => unit === 'A')?.parts[0];

describe('the share of notices in time', () => {
  it('is what is left of those with a need, of all the codes that say that it is missing or late', () => {
    const published = month([line('INS-01', 'A', 6, STRATUM), line('INS-03', 'A', 9, STRATUM), line('UTS-01', 'A', 7)]);
    expect(ofA(published)).toMatchObject({ count: 25, isUncertain: false });
  });

  it.each([
    ['its group', { measure: 'INS-03', dimension: 'unit', within: STRATUM }, true],
    ['all of it', { measure: 'INS-03', dimension: 'total', within: '' }, true],
    ['another kind of hospital', { measure: 'INS-03', dimension: 'unit', within: 'private/SOM' }, false],
    ['what is of no notice', { measure: 'UTS-01', dimension: 'unit', within: STRATUM }, false],
  ] as const)('is the most that it can be where a code is held back in %s', (_, hidden, isUncertain) => {
    expect(ofA(month([line('INS-01', 'A', 6, STRATUM)], [hidden]))).toMatchObject({ count: 34, isUncertain });
  });
});

describe('the share of calls', () => {
  it('is of the units alone of which both counts can be shown', () => {
    expect(callShares(month([line('plan-called', 'A', 12), line('plan-not-called', 'A', 8)]))).toEqual([
      {
        ...{ unit: 'A', of: 20 },
        parts: [
          { name: 'Kallelse gjord', count: 12 },
          { name: 'Ingen kallelse', count: 8 },
        ],
      },
    ]);
  });
});
