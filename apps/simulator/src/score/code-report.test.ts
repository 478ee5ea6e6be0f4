import { describe, expect, it } from '@jest/globals';
import type { StayPlan } from '../county/county.ts';
import { HOSPITALS } from '../county/hospitals.ts';
import { TruthDraft } from '../county/truth.ts';
import { codeReport, isAsExpected, saidTooEarly } from './code-report.ts';
import { unseen, type Attributed } from './observation.ts';

const WARD = HOSPITALS.KS.organisation;

function reported(found: readonly Attributed[], elsewhere: readonly Attributed[] = []) {
  const truth = new TruthDraft();
  truth.flagged('INS-01');
  const plan: StayPlan = { visit: 'one', scenario: 'made-up', hospital: 'KS', sendings: [], truth };
  const seen = (deviations: readonly Attributed[]) => ({ ...unseen(), deviations: [...deviations] });
  const report = codeReport(
    [plan],
    new Map([['one', seen(found)], ...(elsewhere.length > 0 ? [['x', seen(elsewhere)] as const] : [])]),
  );
  return { counts: report.find(({ code }) => code === 'INS-01'), passes: isAsExpected(report) };
}

const NOTHING = { code: 'INS-01', expected: 1, found: 1, missed: 0, false: 0, wrongParty: 0, wrongTime: 0 };

describe('the report code by code', () => {
  it.each<[string, Attributed[], Attributed[], object, boolean]>([
    ['as expected', [{ code: 'INS-01', party: WARD }], [], {}, true],
    ['not there', [], [], { found: 0, missed: 1 }, false],
    ['laid on the hub', [{ code: 'INS-01', party: 'hub' }], [], { wrongParty: 1 }, false],
    [
      'once too often',
      [
        { code: 'INS-01', party: WARD },
        { code: 'INS-01', party: WARD },
      ],
      [],
      { found: 2, false: 1 },
      false,
    ],
    [
      'of a stay that nobody played',
      [{ code: 'INS-01', party: WARD }],
      [{ code: 'INS-01', party: WARD }],
      { found: 2, false: 1 },
      false,
    ],
  ])('%s', (_name, found, elsewhere, counts, passes) => {
    expect(reported(found, elsewhere)).toEqual({ counts: { ...NOTHING, ...counts }, passes });
  });
});

describe('when a deviation was said', () => {
  const DUE = 5;
  const saidAt = (said: number, status = 'final', code = 'INS-01') => ({ code, party: WARD, status, due: DUE, said });

  it.each([
    ['at its deadline', [saidAt(5)], 0],
    ['before it', [saidAt(4)], 1],
    ['before it as suspected', [saidAt(4, 'preliminary')], 1],
    ['before it, closed, and again when it was right', [saidAt(4), saidAt(5, 'cancelled'), saidAt(6)], 1],
    ['before it, and closed for ever', [saidAt(4), saidAt(5, 'cancelled')], 1],
    ['closed before it', [saidAt(4, 'cancelled')], 0],
    ['at no time that can be read', [saidAt(NaN)], 1],
    ['before it, of what stands from the start', [saidAt(4, 'final', 'INS-05')], 0],
  ])('%s', (_name, statements, early) => {
    expect(saidTooEarly(statements)).toHaveLength(early);
    const report = codeReport([], new Map([['x', { ...unseen(), statements }]]));
    expect(report.reduce((sum, { wrongTime }) => sum + wrongTime, 0)).toBe(early);
    expect(isAsExpected(report)).toBe(early === 0);
  });
});
