import { describe, expect, it } from '@jest/globals';
import { Health, silentLog } from '#libs/platform';
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
