import { describe, expect, it } from '@jest/globals';
import { childTrace, rootTrace, traceIdOf } from './trace.ts';

const FORM = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/;

describe('traces', () => {
  it('are W3C traceparents', () => {
    expect(rootTrace()).toMatch(FORM);
    expect(childTrace(rootTrace())).toMatch(FORM);
  });

  it('of the same seed are one trace, of none two', () => {
    expect(traceIdOf(rootTrace('a'))).toBe(traceIdOf(rootTrace('a')));
    expect(traceIdOf(rootTrace('a'))).not.toBe(traceIdOf(rootTrace('b')));
    expect(traceIdOf(rootTrace())).not.toBe(traceIdOf(rootTrace()));
  });

  it('keep their id and change their span from hop to hop', () => {
    const root = rootTrace();
    const spans = new Set([root]);
    for (let i = 0; i < 2000; i++) {
      const child = childTrace(root);
      expect(traceIdOf(child)).toBe(traceIdOf(root));
      spans.add(child);
    }
    expect(spans.size).toBe(2001);
  });

  it.each([
    undefined,
    '',
    'x',
    `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
    `00-${'1'.repeat(32)}-${'0'.repeat(16)}-01`,
    `00-${'A'.repeat(32)}-${'1'.repeat(16)}-01`,
  ])('begin anew after %j', (bad) => {
    expect(traceIdOf(bad)).toBeUndefined();
    expect(childTrace(bad)).toMatch(FORM);
  });
});
