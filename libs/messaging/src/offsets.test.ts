import { describe, expect, it } from '@jest/globals';
import { reached } from './offsets.ts';

const ends = (...partitions: [bigint, bigint][]) => new Map([['t', partitions.map(([low, high]) => ({ low, high }))]]);
const at = (...positions: (bigint | undefined)[]) =>
  new Map([
    ['t', new Map(positions.flatMap((next, partition) => (next === undefined ? [] : [[partition, next] as const])))],
  ]);

describe('whether positions have reached the ends', () => {
  it.each([
    ['empty, never consumed', at(undefined), ends([0n, 0n]), true],
    ['emptied by retention, never consumed', at(undefined), ends([7n, 7n]), true],
    ['records, never consumed', at(undefined), ends([0n, 1n]), false],
    ['all applied', at(5n, 3n), ends([0n, 5n], [0n, 3n]), true],
    ['one partition behind', at(5n, 2n), ends([0n, 5n], [0n, 3n]), false],
    ['further than asked', at(9n), ends([0n, 5n]), true],
    ['emptied by retention but not applied', at(3n), ends([7n, 7n]), false],
    ['an unknown topic', new Map(), ends([0n, 1n]), false],
  ] as const)('%s', (_, positions, given, expected) => {
    expect(reached(positions, given)).toBe(expected);
  });
});
