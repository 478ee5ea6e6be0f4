import { describe, expect, it, jest } from '@jest/globals';
import { movingLine } from './moving-line.mjs';

function written(isTTY: boolean, milliseconds: number): string[] {
  jest.useFakeTimers();
  try {
    const out: string[] = [];
    const done = movingLine('npm fetches', { isTTY, write: (text: string) => out.push(text) });
    jest.advanceTimersByTime(milliseconds);
    done();
    jest.advanceTimersByTime(60_000);
    return out;
  } finally {
    jest.useRealTimers();
  }
}

describe('a line that moves', () => {
  it('is written over on a terminal, and wiped at the end', () => {
    expect(written(true, 1_000)).toEqual(['\r\x1b[Knpm fetches, 1 s', '\r\x1b[Knpm fetches, 1 s', '\r\x1b[K']);
  });

  it('comes every ten seconds in a log, and nothing for a short step', () => {
    expect(written(false, 25_000)).toEqual(['npm fetches, 10 s\n', 'npm fetches, 20 s\n']);
    expect(written(false, 5_000)).toEqual([]);
  });
});
