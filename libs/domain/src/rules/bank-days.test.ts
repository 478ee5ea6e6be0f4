import { describe, expect, it } from '@jest/globals';
import { afterBankTime, bankDayOn, isBankDay } from './bank-days.ts';

describe('bank days (LAW-64)', () => {
  it.each([
    ['2026-04-03', 'långfredagen'],
    ['2026-04-06', 'annandag påsk'],
    ['2026-05-14', 'Kristi himmelsfärdsdag'],
    ['2025-06-06', 'nationaldagen'],
    ['2026-06-19', 'midsommarafton'],
    ['2020-10-31', 'alla helgons dag'],
    ['2026-12-24', 'julafton'],
    ['2026-12-31', 'nyårsafton'],
    ['2004-05-31', 'annandag pingst, while it was one'],
    ['2026-11-28', 'a Saturday'],
    ['2038-04-26', 'annandag påsk at its latest'],
    ['2008-03-24', 'annandag påsk at nearly its earliest'],
  ])('%s is none: %s', (date) => {
    expect(isBankDay(date)).toBe(false);
  });

  it.each([
    ['2026-04-02', 'skärtorsdag is a half day, and a weekday'],
    ['2026-12-23', 'the day before Christmas Eve'],
    ['2004-06-04', 'before the sixth of June was free'],
    ['2026-05-25', 'annandag pingst, since it is no holiday'],
    ['2026-11-30', 'a Monday'],
  ])('%s is one: %s', (date) => {
    expect(isBankDay(date)).toBe(true);
  });

  it('the next one after Christmas 2026 is Monday the 28th', () => {
    expect(bankDayOn('2026-12-24')).toBe('2026-12-28');
    expect(bankDayOn('2026-12-28')).toBe('2026-12-28');
  });

  it('hours of bank days go on after the weekend, whatever the clocks do in it', () => {
    const after = (from: string, hours: number): string =>
      new Date(afterBankTime(Date.parse(from), hours * 3_600_000)).toISOString();
    expect(after('2026-11-27T15:00:00+01:00', 24)).toBe('2026-11-30T14:00:00.000Z');
    expect(after('2026-11-28T10:00:00+01:00', 24)).toBe('2026-11-30T23:00:00.000Z');
    // Friday to Monday over the night when summer time begins.
    expect(after('2026-03-27T15:00:00+01:00', 24)).toBe('2026-03-30T13:00:00.000Z');
    expect(after('2026-11-24T15:00:00+01:00', 24)).toBe('2026-11-25T14:00:00.000Z');
  });
});
