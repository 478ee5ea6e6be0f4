import { drawn } from './random.ts';
import { lasting, type TestHub } from './test-hub.ts';

/**
 * Kills the hub so often, each time at a moment of its own: most when it has worked for a while, some while it starts.
 * @param seed draws the moments; what it hits there is the machine's
 * @returns how often it was killed before it was ready
 */
export async function killAtRandom(hub: TestHub, times: number, seed: number): Promise<number> {
  const draw = drawn(seed);
  let early = 0;
  for (let n = 0; n < times; n += 1) {
    await lasting(200 + draw() * 2_500);
    await hub.kill();
    const starting = hub.start().then(
      () => true,
      () => false,
    );
    if (draw() < 0.25) {
      await lasting(draw() * 3_000);
      await hub.kill();
      if (!(await starting)) early += 1;
      await hub.start();
    }
    if (!(await starting) && hub.pid === -1) throw new Error('the hub did not start again');
  }
  return early;
}
