import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tableHead, tableRow, wrap } from './text-table.ts';

describe('a table of text', () => {
  it('wraps cells beside each other', () => {
    const columns = [
      { heading: 'Ett', width: 6 },
      { heading: 'Två', width: 8 },
    ];
    expect(tableHead(columns)).toBe('Ett     Två\n──────  ────────');
    expect(tableRow(columns, ['a bb ccc', 'kort'])).toBe('a bb    kort\nccc');
  });

  it('never writes a line that is too wide, and loses no letter', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zåäö ]{0,80}$/), fc.integer({ min: 1, max: 20 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.every((line) => line.length <= width)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});
