import { describe, expect, it } from '@jest/globals';
import { Health, silentLog } from '#libs/platform';
import { recordsBetween } from './backlog.ts';
import { logChanges } from './service.ts';

describe('what a part does', () => {
  it('is told when it dies and when it is back, once each', async () => {
    const health = new Health();
    health.started();
    let up = true;
    health.add('kafka', () => up);
    const lines: string[] = [];
    const line = (event: string): void => void lines.push(event);
    const watch = logChanges(health, { ...silentLog, warn: line, info: line });
    for (const state of [true, false, false, true, true]) {
      up = state;
      await watch.look();
    }
    watch.end();
    expect(lines).toEqual(['part.down', 'part.up']);
  });
});

describe('a backlog', () => {
  it('is what lies between the positions and the ends; what was never consumed counts from its beginning', () => {
    const ends = new Map([
      [
        'events',
        [
          { low: 0n, high: 10n },
          { low: 5n, high: 9n },
        ],
      ],
      ['receipts', [{ low: 0n, high: 0n }]],
    ]);
    expect(recordsBetween(new Map([['events', new Map([[0, 7n]])]]), ends)).toBe(7n);
    expect(recordsBetween(new Map(), ends)).toBe(14n);
  });
});
