import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgressLog } from './part.ts';

const LOOK_MS = 100;
const TELL_EVERY_MS = 10_000;

/**
 * Waits until the hub answers that it is ready (contract 1: `/health/ready` is 200 from the last line of the start on),
 * and says every ten seconds what it still waits for.
 * @param http where the hub listens
 * @param untilStopped resolves when nobody waits any longer
 * @returns false when it was stopped first
 */
export async function untilHubReady(http: string, untilStopped: Promise<void>, log: ProgressLog): Promise<boolean> {
  let told = performance.now();
  for (;;) {
    const down = await notReady(http);
    if (down === undefined) return true;
    if (performance.now() - told > TELL_EVERY_MS) {
      told = performance.now();
      log(`Not yet ready: ${down}`);
    }
    const isStopped = await Promise.race([sleep(LOOK_MS, false), untilStopped.then(() => true)]);
    if (isStopped) return false;
  }
}

/** @returns undefined when it is ready, else what is not */
async function notReady(http: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${http}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    if (response.ok) return undefined;
    const down = downIn(await response.json().catch(() => undefined));
    return down.length > 0 ? `${down.join(', ')} down` : `/health/ready answers ${response.status}`;
  } catch {
    return 'HTTP does not answer';
  }
}

/** Names whose state is `down`, by themselves or in a `status`, however the report nests them. */
function downIn(report: unknown): string[] {
  if (typeof report !== 'object' || report === null) return [];
  const found = Object.entries(report).flatMap(([name, state]) => {
    const isDown = state === 'down' || (state as { status?: unknown } | null)?.status === 'down';
    return isDown ? [name] : downIn(state);
  });
  return [...new Set(found)];
}
