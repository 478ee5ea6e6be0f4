import { describe, expect, it } from '@jest/globals';
import { StayCache, type StayInMemory } from './stay-cache.ts';

function stayOf(stayId: string, events = 1): StayInMemory {
  return { stayId, size: 1 + events, patients: () => [] };
}

describe('the cache of stays', () => {
  it('gives a stay of the version that is asked for, once', () => {
    const cache = new StayCache(100_000_000).under('county');
    const stay = stayOf('a');
    cache.keep(stay, 7);
    expect(cache.take('a', 7)).toBe(stay);
    expect(cache.take('a', 7)).toBeUndefined();
  });

  it.each([6, 8])('drops a stay of another version than is asked for: %d', (version) => {
    const cache = new StayCache(100_000_000).under('county');
    cache.keep(stayOf('a'), 7);
    expect(cache.take('a', version)).toBeUndefined();
    expect(cache.has('a')).toBe(false);
  });

  it('drops a stay that was folded under another county, also by a transaction that ends after the change', () => {
    const cache = new StayCache(100_000_000);
    const before = cache.under('before');
    const after = cache.under('after');
    before.keep(stayOf('a'), 7);
    expect(after.take('a', 7)).toBeUndefined();
    expect(before.take('a', 7)).toBeUndefined();
  });

  it('holds no more than it may, and drops what was unused longest', () => {
    const cache = new StayCache(9).under('county');
    for (const name of ['a', 'b', 'c']) cache.keep(stayOf(name, 2), 1);
    cache.keep(stayOf('a', 2), 2);
    cache.keep(stayOf('d', 2), 1);
    expect(['a', 'b', 'c'].map((name) => cache.has(name))).toEqual([true, false, true]);
    cache.keep(stayOf('e', 9), 1);
    expect(cache.has('e')).toBe(false);
    expect(cache.has('a')).toBe(true);
  });
});
