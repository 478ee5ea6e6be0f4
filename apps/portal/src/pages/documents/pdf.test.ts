import { describe, expect, it } from '@jest/globals';
import { columnWidths } from './pdf.ts';

describe('the columns of a printed table', () => {
  it('are as wide as what stands in them, and the one with the longest text has what is left', () => {
    const rows = [
      ['Kod', 'Avvikelse', 'Månaden före'],
      ['INS-01', 'Inskrivningsmeddelande saknas', '7'],
    ];
    expect(columnWidths(rows, (text) => text.length)).toEqual([6, '*', 12]);
    expect(columnWidths([['a'], []], (text) => text.length)).toEqual(['*']);
    expect(columnWidths([], (text) => text.length)).toEqual([]);
  });
});
