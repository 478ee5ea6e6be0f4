import { describe, expect, it } from '@jest/globals';
import type { Batch, Outcome } from './consumer-session.ts';
import { BatchPortions, Gathering } from './gathering.ts';
import fc from 'fast-check';

function batch(partition: number, size: number): Batch {
  const messages = Array.from({ length: size }, (_, at) => ({ offset: String(at) })) as Batch['messages'];
  return { topic: 't', partition, messages, first: 0n, last: BigInt(size - 1), end: BigInt(size) };
}

const halted: Outcome = { then: 'halt' };
const seek = (partition: number): Outcome => ({ then: 'seek', offset: BigInt(partition) });

/** Notes what was run together; answers each batch with a seek to its own partition's number. */
function noting(most: number) {
  const parts: number[][] = [];
  const gathering = new Gathering(
    (batches) => {
      parts.push(batches.map(({ partition }) => partition));
      return Promise.resolve(batches.map(({ partition }) => seek(partition)));
    },
    () => most,
  );
  return { parts, gathering };
}

describe('batches that arrive together', () => {
  it('are run together, and each gets its own answer', async () => {
    const { parts, gathering } = noting(100);
    const answers = await Promise.all([3, 1, 2].map((partition) => gathering.add(batch(partition, 2))));
    expect(parts).toEqual([[3, 1, 2]]);
    expect(answers).toEqual([seek(3), seek(1), seek(2)]);
  });

  it('are run apart from those of the next turn', async () => {
    const { parts, gathering } = noting(100);
    await gathering.add(batch(1, 2));
    await gathering.add(batch(2, 2));
    expect(parts).toEqual([[1], [2]]);
  });

  it.each([
    [
      10,
      [4, 4, 4, 4],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [10, [5, 5, 1], [[0, 1], [2]]],
    [10, [40, 1, 1], [[0], [1, 2]]],
    [10, [1, 40, 1], [[0], [1], [2]]],
    [1, [1, 1, 1], [[0], [1], [2]]],
  ])('with at most %i records of several, %j make %j', async (most, sizes, expected) => {
    const { parts, gathering } = noting(most);
    await Promise.all(sizes.map((size, partition) => gathering.add(batch(partition, size))));
    expect(parts).toEqual(expected);
  });

  it('that get no answer of their own are tried again', async () => {
    const gathering = new Gathering(
      () => Promise.resolve([halted]),
      () => 100,
    );
    const answers = await Promise.all([gathering.add(batch(0, 1)), gathering.add(batch(1, 1))]);
    expect(answers.map(({ then }) => then)).toEqual(['halt', 'again']);
  });
});

/** A batch whose log has holes: offsets grow by 1 or 2, and it may end after its last record. */
function batchOf(size: number): Batch {
  const offsets = Array.from({ length: size }, (_, at) => 10 + at + Math.floor(at / 3));
  const messages = offsets.map((offset) => ({ offset: String(offset) })) as Batch['messages'];
  const last = BigInt((offsets.at(-1) ?? 10) + 1);
  return { topic: 't', partition: 0, messages, first: 10n, last, end: last + 5n };
}

function portionsOf(portions: BatchPortions, batch: Batch): Batch[] {
  const all: Batch[] = [];
  for (let rest: Batch | undefined = batch; rest !== undefined;) {
    const portion = portions.first('t/0', rest);
    all.push(portion);
    portions.went('t/0', portion);
    rest = portions.after(portion, rest);
  }
  return all;
}

describe('portions of a batch', () => {
  it('are the whole as long as nothing fails', () => {
    const batch = batchOf(7);
    expect(portionsOf(new BatchPortions(), batch)).toEqual([batch]);
  });

  it('halve with each failure, down to one record, and double with each success', () => {
    const portions = new BatchPortions();
    const batch = batchOf(40);
    const sizes = [];
    for (let n = 0; n < 7; n++) {
      const portion = portions.first('t/0', batch);
      sizes.push(portion.messages.length);
      portions.failed('t/0', portion);
    }
    expect(sizes).toEqual([40, 20, 10, 5, 2, 1, 1]);
    expect(portionsOf(portions, batch).map(({ messages }) => messages.length)).toEqual([1, 2, 4, 8, 16, 9]);
    expect(portions.first('t/1', batch)).toBe(batch);
  });

  it('leave out no record and no offset, whatever failed before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 8 }), (size, failures) => {
        const portions = new BatchPortions();
        const batch = batchOf(size);
        for (let n = 0; n < failures; n++) portions.failed('t/0', portions.first('t/0', batch));
        const all = portionsOf(portions, batch);
        expect(all.flatMap(({ messages }) => messages)).toEqual(batch.messages);
        expect([all[0]?.first, all.at(-1)?.last]).toEqual([batch.first, batch.last]);
        all.slice(1).forEach((portion, at) => expect(portion.first).toBe((all[at]?.last ?? 0n) + 1n));
      }),
    );
  });
});
