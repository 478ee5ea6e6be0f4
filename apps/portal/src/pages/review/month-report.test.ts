import { describe, expect, it } from '@jest/globals';
import type { PublishedMonth } from '#libs/domain';
import { monthReport, municipalitiesIn, reportCsv } from './month-report.ts';

type MonthLine = PublishedMonth['lines'][number];

const line = (measure: string, dimension: MonthLine['dimension'], value: string, count: number): MonthLine => ({
  ...{ measure, dimension, value, count, within: '' },
});

function month(name: string, lines: readonly MonthLine[], hidden: PublishedMonth['hidden'] = []): PublishedMonth {
  return { month: name, publishedAt: `${name}-28T08:00:00Z`, threshold: 5, lines, hidden };
}

const MAY = month(
  '2026-05',
  [
    line('discharges', 'total', '', 400),
    line('INS-01', 'total', '', 40),
    line('discharges', 'municipality', '0184', 80),
    line('INS-01', 'municipality', '0184', 8),
    line('discharges', 'unit', 'A', 50),
    line('discharges', 'unit', 'B', 30),
    line('INS-01', 'unit', 'A', 9),
  ],
  [{ measure: 'INS-01', dimension: 'unit', within: '' }],
);
const APRIL = month('2026-04', [line('UTS-01', 'municipality', '0184', 6), line('INS-01', 'municipality', '0184', 7)]);

describe('the report of a closed month', () => {
  it('is of a municipality with its share, the county’s, and the month before', () => {
    const { discharges, rows } = monthReport(MAY, APRIL, { kind: 'municipality', id: '0184' });
    expect(discharges).toBe(80);
    expect(rows).toMatchObject([
      { code: 'INS-01', count: 8, before: 7, share: 0.1, countyShare: 0.1 },
      { code: 'UTS-01', count: undefined, before: 6, share: undefined },
    ]);
  });

  it('is of a hospital what its wards have that are shown, said to be the least, and no share that some ward is missing from', () => {
    const report = monthReport(MAY, undefined, { kind: 'hospital', id: 'KS', units: ['A', 'B'] });
    expect(report.discharges).toBe(80);
    expect(report.rows).toMatchObject([{ code: 'INS-01', count: 9, isLeast: true, share: undefined }]);
    expect(report.isHidden).toBe(true);
  });

  it('is a file that a spreadsheet reads, with nothing where nothing is shown', () => {
    const csv = reportCsv(monthReport(MAY, APRIL, { kind: 'municipality', id: '0184' }));
    expect(csv.split('\r\n').slice(1, 3)).toEqual([
      '2026-05;INS-01;Inskrivningsmeddelande saknas;8;7;80;0,1000;0,1000',
      expect.stringMatching(/^2026-05;UTS-01;[^;]+;;6;80;;$/),
    ]);
    expect(municipalitiesIn(MAY)).toEqual(['0184']);
  });
});
