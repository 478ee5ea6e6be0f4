import { afterEach, expect, it } from '@jest/globals';
import { Rounds } from './rounds.ts';

const running: Rounds[] = [];
afterEach(() => Promise.all(running.splice(0).map((rounds) => rounds.stop())));

function rounds(work: () => Promise<unknown>, onFailure: (error: unknown) => void = () => undefined): Rounds {
  const made = new Rounds(work, { idleMillis: 0, onFailure });
  running.push(made);
  return made;
}

/** Resolves at the call of that number. */
function calls(work: (n: number) => Promise<unknown>) {
  const reached = Promise.withResolvers<undefined>();
  let n = 0;
  return {
    reached: reached.promise,
    work: () => {
      n += 1;
      if (n === 3) reached.resolve(undefined);
      return work(n);
    },
  };
}

it('rounds go on after one that failed, and tell what it failed with', async () => {
  const failures: unknown[] = [];
  const { work, reached } = calls((n) => (n === 1 ? Promise.reject(new Error('away')) : Promise.resolve()));
  rounds(work, (error) => failures.push(error));
  await reached;
  expect(failures).toEqual([new Error('away')]);
});

it('work between rounds is never at the same time as a round, and its failure is the caller’s', async () => {
  let atOnce = 0;
  let most = 0;
  const alone = async (): Promise<string> => {
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    return 'done';
  };
  const { work, reached } = calls(alone);
  const made = rounds(work);
  expect(await made.between(alone)).toBe('done');
  await expect(made.between(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await reached;
  expect(most).toBe(1);
});

it('a stop waits for the round under way, and none follows', async () => {
  const gate = Promise.withResolvers<undefined>();
  const begun = Promise.withResolvers<undefined>();
  const seen: string[] = [];
  const made = rounds(async () => {
    seen.push('begun');
    begun.resolve(undefined);
    await gate.promise;
    seen.push(made.isStopped ? 'ended, stopped' : 'ended');
  });
  await begun.promise;
  const stopping = made.stop().then(() => seen.push('stopped'));
  gate.resolve(undefined);
  await stopping;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual(['begun', 'ended, stopped', 'stopped']);
});
