import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatTimestamp, parseTimestamp } from './timestamp.ts';

function read(text: string, defaultOffset?: number): unknown {
  const result = parseTimestamp(text, defaultOffset);
  if (!result.ok) return result.fault.code;
  const { precision, excess, ...parts } = result.value;
  return [precision, ...Object.values(parts).filter((part) => part !== undefined), ...(excess ? ['excess'] : [])];
}

describe('parseTimestamp', () => {
  it.each([
    ['1950', ['year', 1950]],
    ['195009', ['month', 1950, 9]],
    ['19500907', ['day', 1950, 9, 7]],
    ['2026110112', ['hour', 2026, 11, 1, 12]],
    ['202611011230', ['minute', 2026, 11, 1, 12, 30]],
    ['20261101123059', ['second', 2026, 11, 1, 12, 30, 59]],
    ['20261101123059.4', ['fraction', 2026, 11, 1, 12, 30, 59, 400]],
    ['20261101123059.0019', ['fraction', 2026, 11, 1, 12, 30, 59, 1]],
    ['20261101123059+0100', ['second', 2026, 11, 1, 12, 30, 59, 60]],
    ['20210817151943.4-0230', ['fraction', 2021, 8, 17, 15, 19, 43, 400, -150]],
    ['20261101-0000', ['day', 2026, 11, 1, 0]],
    ['20261101^D', ['day', 2026, 11, 1]],
    [' 20261101 ', ['day', 2026, 11, 1]],
    ['20240229', ['day', 2024, 2, 29]],
    ['20230229', 'impossible'],
    ['20261301', 'impossible'],
    ['20260001', 'impossible'],
    ['20260100', 'impossible'],
    ['20260431', 'impossible'],
    ['2026010124', 'impossible'],
    ['202601012360', 'impossible'],
    ['20260101235960', 'impossible'],
    ['20260101+1500', 'impossible'],
    ['20260101+0160', 'impossible'],
    ['022604011645', 'implausible-year'],
    ['18491231', 'implausible-year'],
    ['22000101', 'implausible-year'],
    ['', 'malformed'],
    ['26', 'malformed'],
    ['20261', 'malformed'],
    ['2026-11-01', 'malformed'],
    ['20261101T1200', 'malformed'],
    ['20261101123059.12345', ['fraction', 2026, 11, 1, 12, 30, 59, 123, 'excess']],
    ['20261101123059.1234567+0100', ['fraction', 2026, 11, 1, 12, 30, 59, 123, 60, 'excess']],
    ['20261101123059,4', ['fraction', 2026, 11, 1, 12, 30, 59, 400, 'excess']],
    ['20261101123059.', ['second', 2026, 11, 1, 12, 30, 59, 'excess']],
    ['20261101123059123', ['second', 2026, 11, 1, 12, 30, 59, 'excess']],
    ['20261101123059123456+0100', ['second', 2026, 11, 1, 12, 30, 59, 60, 'excess']],
    ['20261101123059123456789^D', ['second', 2026, 11, 1, 12, 30, 59, 'excess']],
    ['20261301123059.12345', 'impossible'],
    // One digit too many may stand anywhere in it: no part of it is sure.
    ['202611011230591', 'malformed'],
    ['2026110112305912', 'malformed'],
    ['202611011230A01', 'malformed'],
    ['20261101123059 20261102', 'malformed'],
    ['202611011230.5', 'malformed'],
    ['20261101+01', 'malformed'],
    ['２０２６', 'malformed'],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['202611011230', ['minute', 2026, 11, 1, 12, 30, 60]],
    ['2026110112', ['hour', 2026, 11, 1, 12, 60]],
    ['202611011230+0000', ['minute', 2026, 11, 1, 12, 30, 0]],
    ['20261101', ['day', 2026, 11, 1]],
  ])('%s with a default offset of an hour', (text, expected) => {
    expect(read(text, 60)).toEqual(expected);
  });

  it('reads back what formatTimestamp writes', () => {
    const instants = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2199, 0) });
    fc.assert(
      fc.property(instants, fc.integer({ min: -12 * 60, max: 14 * 60 }), (instant, offset) => {
        const result = parseTimestamp(formatTimestamp(instant, offset));
        if (!result.ok) throw new Error(result.fault.code);
        const { year, month, day, hour, minute, second, millis, offsetMinutes } = result.value;
        expect(offsetMinutes).toBe(offset);
        const local = Date.UTC(year, month! - 1, day, hour, minute, second, millis);
        expect(local - offset * 60_000).toBe(instant);
      }),
    );
  });
});
