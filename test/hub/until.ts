import { setTimeout as sleep } from 'node:timers/promises';

/** Far beyond what anything here takes: a test that runs into it has found something that does not come by itself. */
export const PATIENCE_MILLIS = 90_000;

/** Asks again until it is so. @throws Error that names what did not come, with the last failure of the question */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  millis = PATIENCE_MILLIS,
): Promise<void> {
  const giveUpAt = performance.now() + millis;
  let failure: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > giveUpAt) throw new Error(`still not so: ${what}`, { cause: failure });
    await sleep(50);
  }
}

/** Repeats a check of a test until it passes; its last failure is the test's. */
export async function eventually(check: () => unknown, millis = PATIENCE_MILLIS): Promise<void> {
  const giveUpAt = performance.now() + millis;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
    }
    await sleep(25);
  }
}
