import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageProblem } from './options.ts';

describe('the command line of simulate', () => {
  it('has a county by default', () => {
    expect(readOptions([])).toEqual({ stays: 340, seed: '1', start: Date.parse('2026-03-25T04:00:00Z') });
  });

  it('takes a hub that runs', () => {
    const args = ['--stays', '5', '--seed', 'x', '--url', 'http://h:1', '--mllp', 'h:2', '--callers', 'f'];
    expect(readOptions(args)).toMatchObject({
      stays: 5,
      seed: 'x',
      hub: { http: 'http://h:1', mllp: { host: 'h', port: 2 }, callers: 'f' },
    });
  });

  it.each([
    [['--stays', '0']],
    [['--stays', 'many']],
    [['--seed', 'a b']],
    [['--start', 'tomorrow']],
    [['--url', 'http://h:1']],
    [['--mllp', 'h:2']],
    [['--url', 'http://h:1', '--mllp', 'h']],
    [['--what']],
  ])('refuses %j', (args) => {
    expect(() => readOptions(args)).toThrow(UsageProblem);
  });
});
