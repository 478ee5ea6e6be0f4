import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openDrivenClock } from '#libs/platform';
import { moveClock, type ClockMachinery } from './clock-operation.ts';

const START = Date.parse('2026-05-04T08:00:00Z');

/** A machinery that writes down what is done to it, with deadlines at the given minutes after the start. */
function machinery(
  dueMinutes: readonly number[],
  beats = true,
  reroutes: readonly number[] = [],
): { done: string[]; machinery: ClockMachinery } {
  const done: string[] = [];
  const due = dueMinutes.map((minutes) => START + minutes * 60_000);
  const clock = openDrivenClock(join(mkdtempSync(join(tmpdir(), 'clock-')), 'clock.json'), START);
  const at = (): number => (clock.now() - START) / 60_000;
  return {
    done,
    machinery: {
      clock,
      hold: () => Promise.resolve(void done.push('hold')),
      release: () => void done.push('release'),
      beat: (steppedFrom) => {
        done.push(`beat ${at()}${steppedFrom === undefined ? '' : ` from ${(steppedFrom - START) / 60_000}`}`);
        return Promise.resolve(beats);
      },
      settle: () => Promise.resolve(void done.push('settle')).then(() => undefined),
      reroute: () => Promise.resolve(reroutes.includes(at()) ? 1 : 0),
      nextDue: (upTo) => Promise.resolve(due.find((one) => one <= upTo)),
      judgeAt: (instant) => {
        const judged = due.filter((one) => one <= instant);
        due.splice(0, judged.length);
        done.push(`judge ${at()}`);
        return Promise.resolve();
      },
    },
  };
}

describe('moving the driven clock', () => {
  it('judges at each due instant in order, and settles when it has arrived', async () => {
    const { done, machinery: parts } = machinery([10, 20, 90]);
    expect(await moveClock(parts, START + 60 * 60_000, true)).toBeUndefined();
    expect(done).toEqual([
      'hold',
      'settle',
      'beat 0',
      'beat 10 from 0',
      'judge 10',
      'beat 20 from 10',
      'judge 20',
      'beat 60 from 20',
      'judge 60',
      'settle',
      'release',
    ]);
    expect(parts.clock.now()).toBe(START + 60 * 60_000);
  });

  it('settles before it judges where another directory tells others: what is taken in there lies in no outage', async () => {
    const { done, machinery: parts } = machinery([10, 20], true, [20]);
    await moveClock(parts, START + 60 * 60_000, true);
    expect(done.slice(2, -3)).toEqual([
      ...['beat 0', 'beat 10 from 0', 'judge 10'],
      ...['beat 20 from 10', 'settle', 'judge 20'],
      ...['beat 60 from 20'],
    ]);
  });

  it('settles before it judges where no beat spans the step: the watcher has to know of the outage first', async () => {
    const { done, machinery: parts } = machinery([], false);
    await moveClock(parts, START + 60 * 60_000, true);
    expect(done).toEqual(['hold', 'settle', 'beat 0', 'beat 60', 'settle', 'judge 60', 'settle', 'release']);
  });

  it('only sets the clock when asked not to settle; without stored beats the step is not bridged', async () => {
    const { done, machinery: parts } = machinery([10], false);
    await moveClock(parts, START + 60 * 60_000, false);
    expect(done).toEqual(['beat 0', 'beat 60']);
  });

  it('refuses to go back', async () => {
    const { machinery: parts } = machinery([]);
    expect(await moveClock(parts, START - 1, true)).toMatchObject({ name: 'clock-backwards' });
  });
});
