import { describe, expect, it } from '@jest/globals';
import { lastWholeHour, sameHourInEarlierWeeks } from './silence.ts';

const at = (text: string): number => Date.parse(text);

describe('the hour of a habit', () => {
  it('is the last one that has ended', () => {
    expect(lastWholeHour(at('2026-05-05T08:01:00+02:00'))).toBe(at('2026-05-05T07:00:00+02:00'));
    expect(lastWholeHour(at('2026-05-05T08:00:00+02:00'))).toBe(at('2026-05-05T07:00:00+02:00'));
  });

  it('is the same by the clock on the wall in the weeks before, also when the clocks have changed', () => {
    expect(sameHourInEarlierWeeks(at('2026-04-08T07:00:00+02:00'))).toEqual([
      at('2026-04-01T07:00:00+02:00'),
      at('2026-03-25T07:00:00+01:00'),
      at('2026-03-18T07:00:00+01:00'),
      at('2026-03-11T07:00:00+01:00'),
    ]);
  });
});
