import { describe, expect, it } from '@jest/globals';
import type { QueryResult } from 'pg';
import { atOnce, GivingWay, type Pieces } from './giving-way.ts';
import type { Reader } from './stay-store.ts';

const nothing: Reader = {
  query: () => Promise.resolve({ rows: [] } as unknown as QueryResult<never>),
} as Reader;

function* busy(pieces: number): Pieces<string> {
  for (let n = 0; n < pieces; n++) {
    const until = performance.now() + 30;
    while (performance.now() < until);
    yield;
  }
  return 'done';
}

describe('work that is done piece by piece', () => {
  it('lets everything else go on in between, and ends the same as in one go', async () => {
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    const result = await new GivingWay(nothing).through(busy(5));
    expect(turns).toBeGreaterThanOrEqual(4);
    turns = 0;
    expect(atOnce(busy(5))).toBe(result);
    expect(turns).toBe(0);
    clearInterval(others);
  });
});
