import { setTimeout as sleep } from 'node:timers/promises';
import { keepLogSmall, type EmbeddedPart, type ProgressLog } from './part.ts';
import { isAlive } from './process-identity.ts';

/*
 * A part under supervision:
 *   up       its process lives
 *   down     it has died; it is started again after 1 s, 2 s, 5 s, then every 10 s
 *   stopped  by us; nothing is started any more
 * up -> down -> up without help: the hub goes on by itself when its parts are back on their ports.
 */

/** A part that is started again when it dies. */
export interface Supervised {
  /** Ends the supervision, then the part. */
  stop(): Promise<void>;
}

const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000];
/** Up for this long, the next death counts as a first one. */
const STEADY_MS = 60_000;
const LOOK_MS = 250;
/** A part that fails at every request of a stranger fills its log with it. */
const LOOK_AT_LOG_MS = 30_000;

/**
 * @param first the part as it runs now
 * @param start starts (or adopts) it again
 */
export function supervise(first: EmbeddedPart, start: () => Promise<EmbeddedPart>, log: ProgressLog): Supervised {
  let part = first;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const pause = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  const bringBack = async (deaths: number): Promise<boolean> => {
    await pause(BACK_OFF_MS[Math.min(deaths, BACK_OFF_MS.length) - 1] ?? 10_000);
    if (isStopping()) return true;
    try {
      part = await start();
      log(`${part.name}: started again (pid ${part.pid})`);
      return true;
    } catch (error) {
      log(`${part.name}: not yet back (${error instanceof Error ? error.message : 'unknown'})`);
      return false;
    }
  };

  const watch = async (): Promise<void> => {
    let deaths = 0;
    let upSince = performance.now();
    let lookedAtLog = performance.now();
    while (!isStopping()) {
      await pause(LOOK_MS);
      if (performance.now() - lookedAtLog > LOOK_AT_LOG_MS) {
        keepLogSmall(part.logFile);
        lookedAtLog = performance.now();
      }
      if (isStopping() || isAlive(part.process)) continue;
      log(`${part.name}: pid ${part.pid} has died`);
      if (performance.now() - upSince > STEADY_MS) deaths = 0;
      do deaths += 1;
      while (!(await bringBack(deaths)));
      upSince = performance.now();
    }
  };

  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await watching; // a start that is under way ends first, or its process would be left over
      await part.stop();
    },
  };
}
