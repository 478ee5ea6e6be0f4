import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { statedTime, type StatedTime } from '#libs/domain';
import { EXTENSION } from './addresses.ts';
import { readTimeExtension, timeExtension, writeInstant } from './times-and-texts.ts';

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

describe('a stated time', () => {
  const place = 'Encounter.period.start';
  const parts = { year: 2026, month: 5, day: 10, hour: 14, minute: 30, second: 12, millis: 250 };
  const stated = (names: readonly (keyof typeof parts)[], offsetMinutes?: number): StatedTime => {
    const some = Object.fromEntries(names.map((name) => [name, parts[name]])) as { year: number };
    const time = statedTime({ ...some, ...(offsetMinutes !== undefined && { offsetMinutes }) });
    if (typeof time === 'string') throw new Error('a change of clocks');
    return time;
  };
  const written = (time: StatedTime) => timeExtension(EXTENSION.diedAt, time);
  const names = Object.keys(parts) as (keyof typeof parts)[];

  it.each([0, 120, -330, undefined])('is read as it was, and is but its dateTime from the second on (%s)', (offset) => {
    const times = names.map((_, last) => stated(names.slice(0, last + 1), last >= 3 ? offset : undefined));
    expect(times.map((time) => readTimeExtension(written(time), place))).toEqual(times);
    expect(times.map((time) => written(time)._valueDateTime === undefined)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('says its interval where that is not the one of its text', () => {
    const second = stated(names.slice(0, 6));
    for (const time of [
      { ...second, end: second.end + 1 },
      { ...second, start: second.start - 1 },
      { ...second, precision: 'minute' as const },
    ]) {
      expect(written(time)._valueDateTime).toBeDefined();
      expect(readTimeExtension(written(time), place)).toEqual(time);
    }
  });

  it('is read from a record of the version before, which says the interval of every time', () => {
    const parts = [
      { url: 'iso', valueString: '2026-05-10T14:30:12+02:00' },
      { url: 'precision', valueCode: 'second' },
      { url: 'start', valueInstant: '2026-05-10T12:30:12.000Z' },
      { url: 'end', valueInstant: '2026-05-10T12:30:13.000Z' },
    ];
    const element = { extension: [{ url: EXTENSION.statedTime, extension: parts }] };
    const before = { url: EXTENSION.diedAt, valueDateTime: '2026-05-10T14:30:12+02:00', _valueDateTime: element };
    expect(readTimeExtension(before, place)).toEqual(stated(names.slice(0, 6)));
  });

  it.each(['2026-05-10', '2026-05-10T14:30:12', '2026-13-10T14:30:12Z', 'today'])(
    'stops the reader where %s stands alone: it does not tell what was stated',
    (valueDateTime) => {
      expect(() => readTimeExtension({ url: EXTENSION.diedAt, valueDateTime }, place)).toThrow();
    },
  );
});
