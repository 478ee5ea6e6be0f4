import { describe, expect, it } from '@jest/globals';
import type { Deviation } from '#libs/domain';
import { changedDeviations, storedDeviation } from './changed-deviations.ts';

const NOW = Date.UTC(2027, 0, 4, 12);
const judged: Deviation = {
  code: 'UTS-01',
  occasion: '1',
  party: 'SE2321000016-1000',
  severity: 4,
  due: NOW - 1000,
  suspected: false,
  rule: 'LUS 3:2; regler 2018-01-01',
  evidence: ['e1'],
  units: ['0184'],
};
const of = { stayId: 's1', now: NOW, idOf: () => 'd1', reasonFor: () => 'withdrawn' as const };

/** As the version before stored it: what was judged had another name, and did not say whom it concerns. */
function ofTheVersionBefore() {
  const { rule, ...finding } = { ...judged, units: undefined };
  const record = { id: 'd1', stayId: 's1', status: 'final', identified: NOW - 500, version: 1, lastUpdated: NOW - 500 };
  return storedDeviation(JSON.stringify({ ...record, rule, finding }));
}

describe('a deviation that the version before said', () => {
  it('is not said again only because it now says whom it concerns', () => {
    expect(changedDeviations([judged], [ofTheVersionBefore()], of)).toEqual([]);
  });

  it('is said again, with whom it concerns, when something else of it is new', () => {
    const later = { ...judged, evidence: ['e1', 'e2'] };
    expect(changedDeviations([later], [ofTheVersionBefore()], of)).toMatchObject([
      { id: 'd1', version: 2, deviation: { units: ['0184'] } },
    ]);
  });
});

describe('a deviation of today', () => {
  it('is said again when it concerns others', () => {
    const [first] = changedDeviations([judged], [], of);
    expect(first && changedDeviations([{ ...judged, units: ['0182'] }], [first], of)).toMatchObject([{ version: 2 }]);
  });
});
