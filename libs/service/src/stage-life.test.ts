import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { silentLog } from '#libs/platform';
import { StageLife, StartRefused } from './stage-life.ts';

/** A life whose tries fail as the test says, and the list of what was opened and closed. */
function life(failures: readonly (Error | undefined)[] = [], opening?: Promise<void>) {
  const done: string[] = [];
  const left = [...failures];
  const stage = new StageLife(
    'router',
    async () => {
      await opening;
      const failure = left.shift();
      if (failure) throw failure;
      done.push('open');
      return {};
    },
    () => Promise.resolve(void done.push('close')),
    silentLog,
  );
  return { stage, done };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the life of a stage', () => {
  it('opens once and closes once, however often it is started and stopped', async () => {
    const { stage, done } = life();
    await Promise.all([stage.start(), stage.start()]);
    expect(stage.isOpen()).toBe(true);
    await Promise.all([stage.stop(), stage.stop()]);
    expect(() => stage.opened()).toThrow('not open');
    await stage.start();
    await stage.stop();
    expect(done).toEqual(['open', 'close', 'open', 'close']);
  });

  it('resolves its start after the first failure and goes on trying', async () => {
    const { stage, done } = life([new Error('away')]);
    await stage.start();
    expect(stage.isOpen()).toBe(false);
    await until(() => stage.isOpen());
    await stage.stop();
    expect(done).toEqual(['open', 'close']);
  });

  it('can be stopped while it tries', async () => {
    const { stage, done } = life(Array.from({ length: 100 }, () => new Error('away')));
    await stage.start();
    await stage.stop();
    expect([stage.isOpen(), done]).toEqual([false, []]);
  });

  it('closes what opened after it was stopped', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { stage, done } = life([], gate.promise);
    const starting = stage.start();
    const stopping = stage.stop();
    gate.resolve(undefined);
    await Promise.all([starting, stopping]);
    expect([stage.isOpen(), done]).toEqual([false, ['open', 'close']]);
  });

  it('does not try again what was refused, and can be started later', async () => {
    const { stage, done } = life([new StartRefused('the port is taken')]);
    await expect(stage.start()).rejects.toThrow('the port is taken');
    expect(stage.isOpen()).toBe(false);
    // Longer than the pause before a second try, which would succeed.
    await pause(300);
    expect(done).toEqual([]);
    await stage.start();
    await stage.stop();
    expect(done).toEqual(['open', 'close']);
  });
});
