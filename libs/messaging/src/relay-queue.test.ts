import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RelayQueue } from './relay.ts';
import type { LaneBatch } from './relay.ts';

const lanesOf = (batch: LaneBatch | undefined): readonly number[] => batch?.lanes ?? [];
function begun(queue: RelayQueue): LaneBatch {
  const batch = queue.next();
  if (batch === undefined) throw new Error('nothing to begin');
  return batch;
}

describe("the relay's queue", () => {
  it('gathers what becomes dirty while all passes run', () => {
    const queue = new RelayQueue(2);
    queue.add([1]);
    const first = begun(queue);
    queue.add([2, 3]);
    expect(lanesOf(queue.next())).toEqual([2, 3]);
    queue.add([4, 5, 6]);
    expect(queue.next()).toBeUndefined();
    queue.succeeded(first, [1], []);
    expect(lanesOf(queue.next())).toEqual([4, 5, 6]);
  });

  it('never gives a running lane to a second pass, and does not forget that it was kicked', () => {
    const queue = new RelayQueue(2);
    queue.add([1, 2]);
    const first = begun(queue);
    queue.add([2, 3]);
    expect(lanesOf(queue.next())).toEqual([3]);
    queue.succeeded(first, [1, 2], [1]);
    expect(lanesOf(queue.next())).toEqual([2, 1]);
  });

  it('lets the lanes of a failed pass go alone, each until it has succeeded', () => {
    const queue = new RelayQueue(2);
    queue.add([1, 2, 3]);
    queue.failed(begun(queue));
    queue.add([1, 2, 3, 4]);
    const one = begun(queue);
    expect(one).toEqual({ lanes: [1], alone: true });
    // Beside a lane alone the others flow; a second one alone waits.
    const others = begun(queue);
    expect(others).toEqual({ lanes: [4], alone: false });
    queue.failed(one);
    queue.succeeded(others, [4], []);
    const two = begun(queue);
    expect(two.lanes).toEqual([2]);
    queue.succeeded(two, [2], []);
    const three = begun(queue);
    // Another process had it: that is no success.
    queue.succeeded(three, [], []);
    queue.add([4, 3, 2, 1]);
    expect([queue.next(), queue.next()]).toEqual([
      { lanes: [4, 2], alone: false },
      { lanes: [3], alone: true },
    ]);
  });

  it('serves all, one after another, when there is but one pass at once', () => {
    const queue = new RelayQueue(1);
    queue.add([1, 2]);
    queue.failed(begun(queue));
    queue.add([1, 3, 2]);
    const order: (readonly number[])[] = [];
    for (let batch = queue.next(); batch !== undefined; batch = queue.next()) {
      order.push(batch.lanes);
      queue.succeeded(batch, batch.lanes, []);
    }
    expect(order).toEqual([[1], [3], [2]]);
  });

  it('bounds a pass, and begins with the lanes that have waited longest', () => {
    const queue = new RelayQueue(1, 3);
    queue.add([1, 2, 3, 4, 5]);
    const first = begun(queue);
    queue.add([1]);
    queue.succeeded(first, [1, 2, 3], []);
    expect(lanesOf(queue.next())).toEqual([4, 5, 1]);
  });

  it('runs every kicked lane after its kick, one pass at a time, whatever fails', () => {
    const step = fc.record({ lane: fc.integer({ min: 1, max: 8 }), end: fc.nat(3), fails: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 60 }), (passes, steps) => {
        const queue = new RelayQueue(passes, 4);
        const waiting = new Set<number>();
        const running: LaneBatch[] = [];
        const begin = (): void => {
          for (let batch = queue.next(); batch !== undefined; batch = queue.next()) {
            running.push(batch);
            for (const lane of batch.lanes) waiting.delete(lane);
            const lanes = running.flatMap((each) => each.lanes);
            expect(new Set(lanes).size).toBe(lanes.length);
            expect(running.length).toBeLessThanOrEqual(passes);
          }
        };
        const end = (batch: LaneBatch | undefined, fails: boolean): void => {
          if (batch === undefined) return;
          if (fails) {
            queue.failed(batch);
            queue.add(batch.lanes);
            for (const lane of batch.lanes) waiting.add(lane);
          } else queue.succeeded(batch, batch.lanes, []);
        };
        for (const { lane, end: which, fails } of steps) {
          queue.add([lane]);
          waiting.add(lane);
          begin();
          end(running.splice(which, 1)[0], fails);
          begin();
        }
        while (running.length > 0) {
          end(running.shift(), false);
          begin();
        }
        expect([...waiting]).toEqual([]);
      }),
    );
  });
});
