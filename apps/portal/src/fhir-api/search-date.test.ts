import { describe, expect, it } from '@jest/globals';
import { searchDate } from './search-date.ts';

const at = (text: string) => Date.parse(text);

describe('a date in a search', () => {
  it.each([
    ['2026', '2026-01-01T00:00+01:00', '2027-01-01T00:00+01:00'],
    ['2026-12', '2026-12-01T00:00+01:00', '2027-01-01T00:00+01:00'],
    ['2026-05-10', '2026-05-10T00:00+02:00', '2026-05-11T00:00+02:00'],
    ['2026-03-29', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00'],
    ['2026-05-10T12:30', '2026-05-10T12:30+02:00', '2026-05-10T12:31+02:00'],
    ['2026-05-10T12:30Z', '2026-05-10T12:30Z', '2026-05-10T12:31Z'],
    ['2026-05-10T12:30:05-05:00', '2026-05-10T12:30:05-05:00', '2026-05-10T12:30:06-05:00'],
    ['2026-05-10T12:30:05 02:00', '2026-05-10T12:30:05+02:00', '2026-05-10T12:30:06+02:00'],
    ['2026-05-10T12:30:05.5Z', '2026-05-10T12:30:05.500Z', '2026-05-10T12:30:05.501Z'],
  ])('%s is the interval that it names, in Stockholm unless it says otherwise', (text, from, to) => {
    expect(searchDate(text)).toEqual([{ from: at(from), to: at(to) }]);
  });

  it.each([
    ['eq', [{ from: 1, to: 2 }]],
    ['ne', [{ to: 1 }, { from: 2 }]],
    ['gt', [{ from: 2 }]],
    ['ge', [{ from: 1 }]],
    ['lt', [{ to: 1 }]],
    ['le', [{ to: 2 }]],
    ['sa', [{ from: 2 }]],
    ['eb', [{ to: 1 }]],
  ])('%s', (prefix, expected) => {
    const start = at('2026-05-10T00:00+02:00');
    const end = at('2026-05-11T00:00+02:00');
    const ends = expected.map((one) =>
      Object.fromEntries(Object.entries(one).map(([name, n]) => [name, n === 1 ? start : end])),
    );
    expect(searchDate(`${prefix}2026-05-10`)).toEqual(ends);
  });

  it.each([
    '',
    'ge',
    'ap2026',
    'ap2026-05-10',
    '26-05-10',
    '2026-5-1',
    '2026-13',
    '2026-02-29',
    '2026-05-10T25:00Z',
    '2026-05-10T12:60Z',
    '2026-05-10T12:30:60Z',
    '2026-03-29T02:30',
    '2026-10-25T02:30',
    '2026-05-10 12:30',
  ])('%j cannot be read, and is not guessed', (text) => {
    expect(searchDate(text)).toBeUndefined();
  });
});
