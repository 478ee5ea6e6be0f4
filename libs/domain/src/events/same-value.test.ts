import { describe, expect, it } from '@jest/globals';
import { isSameValue } from './same-value.ts';

const stated = () => ({ lines: ['Exempelgatan 12', 'lgh 1101'], municipality: '0180', of: { since: 5 } });

describe('whether two statements say the same', () => {
  it('is told part by part', () => {
    expect(isSameValue(stated(), stated())).toBe(true);
    expect(isSameValue([stated()], [stated()])).toBe(true);
    expect(isSameValue(null, null)).toBe(true);
    for (const other of [
      { ...stated(), municipality: '0184' },
      { ...stated(), district: 'farsta' },
      { ...stated(), lines: ['Exempelgatan 12'] },
      { ...stated(), lines: ['lgh 1101', 'Exempelgatan 12'] },
      { ...stated(), of: { since: 6 } },
      { lines: stated().lines, municipality: '0180' },
      null,
      'Exempelgatan 12',
    ]) {
      expect(isSameValue(stated(), other)).toBe(false);
      expect(isSameValue(other, stated())).toBe(false);
    }
  });

  it('does not take a list for an object, nor what is not stated for something else', () => {
    expect(isSameValue([], {})).toBe(false);
    expect(isSameValue({ family: undefined }, { given: undefined })).toBe(false);
  });
});
