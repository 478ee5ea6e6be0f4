import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubParts } from '../../apps/hub/src/start-hub.ts';
import { MEMORY, NODE_OPTIONS } from '../../deploy/embedded/launch.mjs';

const SCRIPT = join(import.meta.dirname, 'hub-process.ts');
/** Options under which Node runs our sources as they are, in as much memory as the launcher gives the real hub. */
export const SOURCES = [
  ...NODE_OPTIONS,
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  ...['--import', join(import.meta.dirname, 'source-loader.mjs')],
];

/** Each of its threads compiles all that it imports: on a machine full of other tests that takes a minute. */
export const STARTS_WITHIN_MILLIS = 240_000;

/** A hub that runs in a process of its own. */
export interface HubChild {
  readonly pid: number;
  /** Rejects, with its last lines, when it ends before it is ready. */
  readonly ready: Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/**
 * Starts a hub from the sources. It can be killed before it is ready.
 * @param settings `BRYGGAN_*` of that hub; none of this process's own reach it
 */
export function startHubChild(parts: HubParts, settings: Readonly<Record<string, string>>): HubChild {
  const words = join(parts.stateDir, 'hub.out');
  const output = openSync(words, 'a', 0o600);
  const child = spawn(process.execPath, [...SOURCES, SCRIPT, JSON.stringify(parts)], {
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...MEMORY, ...foreign(process.env), ...settings },
  });
  closeSync(output);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return {
    pid: child.pid ?? -1,
    ended,
    ready: readiness(child, ended, () => readFileSync(words, 'utf8').slice(-2_000)),
    signal: (name) => void child.kill(name),
  };
}

const foreign = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('BRYGGAN_'))),
  KAFKAJS_NO_PARTITIONER_WARNING: '1',
});

async function readiness(child: ChildProcess, ended: Promise<unknown>, lastWords: () => string): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), STARTS_WITHIN_MILLIS);
  const said = new Promise<boolean>((resolve) => child.once('message', () => resolve(true)));
  const isReady = await Promise.race([said, ended.then(() => false)]);
  clearTimeout(timer);
  if (!isReady) throw new Error(`the hub did not start:\n${lastWords()}`);
}
