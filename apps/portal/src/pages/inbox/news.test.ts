import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { News } from './news.ts';

const PAGE_MADE = 1_000_000;
let last = 0;
let news: News;

beforeEach(() => {
  jest.useFakeTimers();
  last = PAGE_MADE - 60_000;
  news = new News({ lastChange: () => Promise.resolve(last) });
});
afterEach(() => {
  news.close();
  jest.useRealTimers();
});

it('tells each page what came since it was made, also before its stream was open, and nothing twice', async () => {
  const told = { early: 0, late: 0 };
  const end = news.listen({ party: '0184' }, PAGE_MADE, () => (told.early += 1));
  await jest.advanceTimersByTimeAsync(4_000);
  expect(told.early).toBe(0);
  last = PAGE_MADE + 30_000;
  await jest.advanceTimersByTimeAsync(6_000);
  expect(told.early).toBe(1);
  // One page was made before the change, and its stream was broken off; the other has it already.
  news.listen({ party: '0184' }, PAGE_MADE, () => (told.late += 1));
  news.listen({ party: '0184' }, PAGE_MADE + 60_000, () => (told.late += 100));
  await jest.advanceTimersByTimeAsync(6_000);
  expect(told).toEqual({ early: 1, late: 1 });
  end();
  last = PAGE_MADE + 90_000;
  await jest.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual({ early: 1, late: 102 });
});
