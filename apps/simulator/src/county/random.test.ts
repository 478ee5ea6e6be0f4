import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from './random.ts';

const draws = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.int(0, 999));

describe('chance with a memory', () => {
  it('gives the same draws for the same seed, and these for seed 1 on every machine', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => expect(draws(new Random(seed), 20)).toEqual(draws(new Random(seed), 20))),
    );
    expect(draws(new Random('1'), 5)).toEqual([674, 400, 394, 552, 61]);
  });

  it('gives other draws for another seed', () => {
    const first = Array.from({ length: 500 }, (_, seed) => draws(new Random(`${seed}`), 4).join());
    expect(new Set(first).size).toBe(500);
  });

  it('stays within its bounds and reaches both', () => {
    const random = new Random('bounds');
    const drawn = Array.from({ length: 2_000 }, () => random.int(-2, 3));
    expect(new Set(drawn)).toEqual(new Set([-2, -1, 0, 1, 2, 3]));
  });

  it('is true about as often as it says', () => {
    const random = new Random('chance');
    const share = Array.from({ length: 10_000 }, () => random.chance(0.3)).filter(Boolean).length / 10_000;
    expect(share).toBeGreaterThan(0.28);
    expect(share).toBeLessThan(0.32);
  });

  it('shuffles without losing a card, and leaves the deck as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (deck, seed) => {
        const before = [...deck];
        expect(new Random(seed).shuffled(deck).sort()).toEqual([...deck].sort());
        expect(deck).toEqual(before);
      }),
    );
  });

  it('picks an undefined among the values, and nothing from nothing', () => {
    const random = new Random('pick');
    expect(Array.from({ length: 50 }, () => random.pick([undefined, 1]))).toContain(undefined);
    expect(() => random.pick([])).toThrow('nothing to pick from');
  });
});
