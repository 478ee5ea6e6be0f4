import { describe, expect, it } from '@jest/globals';
import { isFault } from '#libs/platform';
import { CallerQueues } from './caller-queues.ts';

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.push(() => resolve(name)));
  };
  return { begun, work, end: () => ends.shift()?.() };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a caller's queue", () => {
  it('are few at once and in order, and another caller does not wait for them', async () => {
    const queues = new CallerQueues({ atOnce: 2, mostWaiting: 10 });
    const { begun, work, end } = held();
    const results = ['a1', 'a2', 'a3', 'a4'].map((name) => queues.run('a', work(name)));
    const other = queues.run('b', work('b1'));
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    end();
    await settled();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
    for (let n = 0; n < 4; n++) {
      end();
      await settled();
    }
    expect(await Promise.all([...results, other])).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  it('are refused when too many wait, and free again afterwards, also after work that failed', async () => {
    const queues = new CallerQueues({ atOnce: 1, mostWaiting: 1 });
    const failed = queues.run('a', () => Promise.reject(new Error('x')));
    const waits = queues.run('a', () => Promise.resolve('waited'));
    expect(isFault(await queues.run('a', () => Promise.resolve('refused')))).toBe(true);
    await expect(failed).rejects.toThrow('x');
    expect(await waits).toBe('waited');
    expect(await queues.run('a', () => Promise.resolve('again'))).toBe('again');
  });
});
