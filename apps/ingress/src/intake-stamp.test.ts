import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IntakeStamp } from './intake-stamp.ts';

it('grows strictly, never lags behind the clock, and is exact', () => {
  const start = Date.parse('2026-05-10T12:00:00Z');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), (steps) => {
      let now = start;
      const stamp = new IntakeStamp(() => now);
      let last = 0;
      for (const step of steps) {
        now += step;
        const next = stamp.next();
        expect(next).toBeGreaterThan(last);
        expect(next).toBeGreaterThanOrEqual(now * 1000);
        expect(Number.isSafeInteger(next)).toBe(true);
        last = next;
      }
    }),
  );
});
