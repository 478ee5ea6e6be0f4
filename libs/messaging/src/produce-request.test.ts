import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommitUnit, takeFitting } from './produce-request.ts';

const bound = 1000;
const unitOf = (partition: number, size: number): CommitUnit =>
  new CommitUnit([{ topic: 't', partition, record: { key: '', value: Buffer.alloc(size), headers: {} } }], 0);
const units = fc.array(fc.tuple(fc.nat(3), fc.oneof(fc.nat(300), fc.integer({ min: 900, max: 1500 }))), {
  maxLength: 60,
});

/** Takes until nothing waits. */
function requests(all: CommitUnit[], maxRecords = 20): CommitUnit[][] {
  const waiting = [...all];
  const taken: CommitUnit[][] = [];
  while (waiting.length > 0) taken.push(takeFitting(waiting, bound, maxRecords));
  return taken;
}

describe('taking what fits into one request', () => {
  it('takes everything once, some each time, in order within each partition', () => {
    fc.assert(
      fc.property(units, (sizes) => {
        const all = sizes.map(([partition, size]) => unitOf(partition, size));
        const taken = requests(all);
        expect(taken.every((request) => request.length > 0)).toBe(true);
        for (const partition of [0, 1, 2, 3]) {
          const inPartition = (list: CommitUnit[]) => list.filter((unit) => unit.placed[0]?.partition === partition);
          expect(inPartition(taken.flat())).toEqual(inPartition(all));
        }
      }),
    );
  });

  it('keeps every partition below the bound, and what alone is above it goes alone', () => {
    fc.assert(
      fc.property(units, (sizes) => {
        for (const request of requests(sizes.map(([partition, size]) => unitOf(partition, size)))) {
          const perPartition = new Map<string, number>();
          for (const unit of request)
            for (const [where, size] of unit.sizes) perPartition.set(where, (perPartition.get(where) ?? 0) + size);
          const largest = Math.max(...perPartition.values());
          expect(largest <= bound || request.length === 1).toBe(true);
          expect(request.length).toBeLessThanOrEqual(20);
        }
      }),
    );
  });

  it('skips what has been given up and sends alone what made a request fail', () => {
    const [a, b, c] = [unitOf(0, 10), unitOf(1, 10), unitOf(2, 10)] as const;
    b.acks.catch(() => undefined);
    b.done([]);
    c.alone = true;
    expect(requests([a, b, c])).toEqual([[a], [c]]);
  });
});
