import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageProblem } from './options.ts';

describe('the command line of simulate', () => {
  it('has a county by default', () => {
    expect(readOptions([])).toEqual({
      stays: 360,
      answering: 40,
      seed: '1',
      start: Date.parse('2026-03-25T04:00:00Z'),
    });
  });

  it('takes a hub that runs', () => {
    const args = ['--stays', '5', '--seed', 'x', '--url', 'http://h:1', '--mllp', 'h:2', '--callers', 'f'];
    expect(readOptions(args)).toMatchObject({
      stays: 5,
      seed: 'x',
      hub: { http: 'http://h:1', mllp: { host: 'h', port: 2 }, callers: 'f' },
    });
  });

  it('takes what is to go wrong, by kind and share', () => {
    const { faults } = readOptions(['--faults', 'late=0.05,doubled=0.02']);
    expect([...(faults ?? [])]).toEqual([
      ['late', 0.05],
      ['doubled', 0.02],
    ]);
  });

  it.each([
    [['--faults', 'late=2']],
    [['--faults', 'late=0.6,missing=0.6']],
    [['--faults', 'never-heard-of=0.1']],
    [['--faults', '/no/such/file']],
    [['--answering', '-1']],
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
