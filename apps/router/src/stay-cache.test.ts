import { describe, expect, it } from '@jest/globals';
import { stayEvent, uuidOf } from '../test/stay-events.ts';
import { StayCache } from './stay-cache.ts';
import { StayCase } from './stay-case.ts';

function stayOf(name: string, events = 1): StayCase {
  const stay = new StayCase(uuidOf(name), [], []);
  for (let n = 0; n < events; n++) stay.put(stayEvent({ name: `${name}${n}`, trigger: 'A08', minute: n, stay: name }));
  return stay;
}

describe('the cache of stays', () => {
  it('gives a stay of the version that is asked for, once', () => {
    const cache = new StayCache();
    const stay = stayOf('a');
    cache.keep(stay, 7);
    expect(cache.take(stay.stayId, 7)).toBe(stay);
    expect(cache.take(stay.stayId, 7)).toBeUndefined();
  });

  it.each([6, 8])('drops a stay of another version than is asked for: %d', (version) => {
    const cache = new StayCache();
    const stay = stayOf('a');
    cache.keep(stay, 7);
    expect(cache.take(stay.stayId, version)).toBeUndefined();
    expect(cache.has(stay.stayId)).toBe(false);
  });

  it('holds no more than it may, and drops what was unused longest', () => {
    const cache = new StayCache(9);
    const [a, b, c] = [stayOf('a', 2), stayOf('b', 2), stayOf('c', 2)];
    for (const stay of [a, b, c]) cache.keep(stay, 1);
    cache.keep(a, 2);
    cache.keep(stayOf('d', 2), 1);
    expect([a, b, c].map(({ stayId }) => cache.has(stayId))).toEqual([true, false, true]);
    cache.keep(stayOf('e', 9), 1);
    expect(cache.has(uuidOf('e'))).toBe(false);
    expect(cache.has(a.stayId)).toBe(true);
  });
});
