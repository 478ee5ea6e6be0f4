import { describe, expect, it } from '@jest/globals';
import { daysBetween, endOfLocalDay, localDate, localIso, localToInstant, statedTime } from './time.ts';

const utc = (text: string): number => Date.parse(text);

describe('local time in Stockholm', () => {
  it.each([
    ['winter', [2026, 1, 15, 10, 0], '2026-01-15T09:00:00Z'],
    ['summer', [2026, 7, 15, 10, 0], '2026-07-15T08:00:00Z'],
    ['before the gap', [2026, 3, 29, 1, 59], '2026-03-29T00:59:00Z'],
    ['after the gap', [2026, 3, 29, 3, 0], '2026-03-29T01:00:00Z'],
    ['before the overlap', [2026, 10, 25, 1, 59], '2026-10-24T23:59:00Z'],
    ['after the overlap', [2026, 10, 25, 3, 0], '2026-10-25T02:00:00Z'],
    ['29 February', [2028, 2, 29, 12, 0], '2028-02-29T11:00:00Z'],
  ] as const)('%s', (_name, [year, month, day, hour, minute], expected) => {
    expect(localToInstant(year, month, day, hour, minute)).toBe(utc(expected));
  });

  it('names the hour that does not exist and the hour that comes twice', () => {
    expect(localToInstant(2026, 3, 29, 2, 30)).toBe('gap');
    expect(localToInstant(2026, 10, 25, 2, 30)).toBe('overlap');
  });

  it('lets a stated offset settle the hour that comes twice', () => {
    const parts = { year: 2026, month: 10, day: 25, hour: 2, minute: 30 };
    expect(statedTime(parts)).toBe('overlap');
    expect(statedTime({ ...parts, offsetMinutes: 60 })).toMatchObject({
      start: utc('2026-10-25T01:30:00Z'),
      iso: '2026-10-25T02:30+01:00',
    });
  });

  it('keeps the precision that was stated', () => {
    expect(statedTime({ year: 1950 })).toMatchObject({ iso: '1950', precision: 'year' });
    expect(statedTime({ year: 2026, month: 12 })).toMatchObject({ iso: '2026-12', end: utc('2026-12-31T23:00:00Z') });
    expect(statedTime({ year: 2026, month: 3, day: 29 })).toMatchObject({
      iso: '2026-03-29',
      start: utc('2026-03-28T23:00:00Z'),
      end: utc('2026-03-29T22:00:00Z'), // 23 hours long
    });
    expect(statedTime({ year: 2026, month: 5, day: 10, hour: 14, minute: 30 })).toMatchObject({
      iso: '2026-05-10T14:30+02:00',
      precision: 'minute',
      end: utc('2026-05-10T12:31:00Z'),
    });
  });

  it('counts local days, also over the nights when the clocks change', () => {
    expect(localDate(utc('2026-05-09T22:30:00Z'))).toBe('2026-05-10');
    expect(endOfLocalDay(utc('2026-03-28T23:30:00Z'))).toBe(utc('2026-03-29T22:00:00Z'));
    expect(daysBetween(utc('2026-03-28T12:00:00Z'), utc('2026-03-31T12:00:00Z'))).toBe(3);
    expect(daysBetween(utc('2026-10-25T20:00:00Z'), utc('2026-10-24T20:00:00Z'))).toBe(-1);
    expect(localIso(utc('2026-05-10T12:30:00Z'))).toBe('2026-05-10T14:30:00.000+02:00');
  });
});
