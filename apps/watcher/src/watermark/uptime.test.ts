import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeBeats, readBeat, type Beat } from './uptime.ts';

const at = (...times: number[]): Beat[] => times.map((time) => ({ at: time * 1000 }));
const LIMIT = 5000;

describe('the merge of the beats', () => {
  it.each<[string, Beat[], [number, number][]]>([
    ['every second', at(1, 2, 3, 4), []],
    ['as long as a silence may be', at(1, 6), []],
    ['longer', at(1, 7), [[1, 7]]],
    ['one replica beats on while another is silent', at(1, 3, 5, 7, 9, 10), []],
    ['a beat that comes late fills nothing', at(1, 9, 5), [[1, 9]]],
    ['a step with a beat right before it', [...at(1), { at: 90_000, steppedFrom: 1000 }], []],
    ['a step after a silence', [...at(1), { at: 90_000, steppedFrom: 20_000 }], [[1, 20]]],
    ['a step from the future is no step', [...at(1), { at: 9000, steppedFrom: 90_000 }], [[1, 9]]],
    [
      'two silentSenders',
      at(1, 11, 12, 22),
      [
        [1, 11],
        [12, 22],
      ],
    ],
  ])('%s', (_name, beats, expected) => {
    const outages = mergeBeats(undefined, beats, LIMIT).outages.map(({ from, to }) => [from / 1000, to / 1000]);
    expect(outages).toEqual(expected);
  });

  it('finds the same wherever batches end, and whatever is sent twice', () => {
    const times = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(times, fc.nat(30), (numbers, cut) => {
        const beats = at(...numbers.sort((a, b) => a - b));
        const whole = mergeBeats(undefined, beats, LIMIT);
        const first = mergeBeats(undefined, beats.slice(0, cut), LIMIT);
        const second = mergeBeats(first.last, [...beats.slice(0, cut), ...beats.slice(cut)], LIMIT);
        expect([...first.outages, ...second.outages]).toEqual(whole.outages);
        expect(second.last).toBe(whole.last);
      }),
    );
  });

  it('reads what is a beat and nothing else', () => {
    expect(readBeat({ at: '2026-05-04T08:00:00Z' })).toEqual({ at: Date.parse('2026-05-04T08:00:00Z') });
    for (const other of [undefined, null, 1, {}, { at: 'soon' }, { at: 5 }]) expect(readBeat(other)).toBeUndefined();
  });
});
