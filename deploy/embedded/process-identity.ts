import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process told apart from a later one with the same pid: the pid and the start time that Linux keeps for it.
 * A pid alone is reused, and ending "our" old pid could end a stranger.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks after boot. */
  readonly startTime: string;
}

/**
 * @param pid a process id
 * @returns its identity, or undefined when no such process lives (a zombie does not live)
 */
export function identityOf(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name in field 2 may hold blanks and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  if (startTime === undefined || state === 'X' || (state === 'Z' && !hasThreads(pid))) return undefined;
  return { pid, startTime };
}

/** After a SIGKILL the first thread is a zombie while the others still hold the port and the files. */
function hasThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

/** @returns whether exactly this process, not a later one with its pid, still lives */
export function isAlive(process: ProcessIdentity): boolean {
  return identityOf(process.pid)?.startTime === process.startTime;
}

/**
 * Sends a signal to exactly this process.
 * @returns false when it is gone (or not ours to signal)
 */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(target)) return false;
  try {
    process.kill(target.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits for a process to be gone.
 * @param withinMs milliseconds of the machine's clock
 * @returns whether it is gone
 */
export async function waitUntilGone(target: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isAlive(target)) {
    if (performance.now() >= deadline) return false;
    await sleep(20);
  }
  return true;
}

/**
 * Ends a process: the given signal, then SIGKILL when it has not gone.
 * @param graceMs milliseconds between the two
 * @returns how it went; `alive` when even SIGKILL did not help within two seconds
 */
export async function endProcess(
  target: ProcessIdentity,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<'gone' | 'killed' | 'alive'> {
  signalProcess(target, signal);
  // A stopped process cannot act on a signal before it goes on.
  signalProcess(target, 'SIGCONT');
  if (await waitUntilGone(target, graceMs)) return 'gone';
  signalProcess(target, 'SIGKILL');
  return (await waitUntilGone(target, 2_000)) ? 'killed' : 'alive';
}

function livingProcesses(matches: (pid: number) => boolean): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!matches(pid)) continue;
    } catch {
      continue; // gone meanwhile, or another user's
    }
    const identity = identityOf(pid);
    if (identity !== undefined) found.push(identity);
  }
  return found;
}

/** @returns the living processes that were started with exactly this argument, say the path of their settings */
export function processesWithArgument(argument: string): ProcessIdentity[] {
  return livingProcesses((pid) => commandLine(pid).includes(argument));
}

/** @returns the living processes that stand in this folder: every process of a PostgreSQL stands in its data */
export function processesInFolder(folder: string): ProcessIdentity[] {
  return livingProcesses((pid) => readlinkSync(`/proc/${pid}/cwd`) === folder);
}

/** @returns the arguments of a process, empty when it is gone or not ours to see */
export function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}
