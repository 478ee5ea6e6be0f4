import { Child, type MemoryUse } from './child.ts';
import { portOf, type RunningLine } from './hub-line.ts';
import type { RawLineTold } from './raw/line-shape.ts';

/** Starts the raw line in a process of its own. */
export async function startRawLine(told: RawLineTold): Promise<RunningLine> {
  const child = await Child.start('raw-line-child.js', told);
  return {
    port: portOf((child.ready as { mllp: string }).mllp),
    drained: () => child.ask('drained').then(() => undefined),
    memory: async () => (await child.ask('memory')) as MemoryUse,
    cpu: async () => Number(await child.ask('cpu')),
    stop: () => child.stop(),
  };
}
