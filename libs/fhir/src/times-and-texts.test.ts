import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeInstant } from './times-and-texts.ts';

describe('an instant', () => {
  it('is written as a Date writes it, whatever was written before', () => {
    const instant = fc.oneof(
      fc.integer({ min: -8.64e15, max: 8.64e15 }),
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 3) }),
      fc.constantFrom(0, -1, -86_400_000, 86_399_999, -8.64e15, 8.64e15, Date.UTC(9999, 11, 31, 23, 59, 59, 999)),
    );
    fc.assert(
      fc.property(fc.array(instant), (instants) => {
        expect(instants.map(writeInstant)).toEqual(instants.map((one) => new Date(one).toISOString()));
      }),
    );
  });

  it('is not written when it is none', () => {
    for (const none of [NaN, Infinity, 8.64e15 + 1]) expect(() => writeInstant(none)).toThrow(RangeError);
  });
});
