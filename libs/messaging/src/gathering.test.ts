import { describe, expect, it } from '@jest/globals';
import type { Batch, Outcome } from './consumer-session.ts';
import { Gathering } from './gathering.ts';

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
