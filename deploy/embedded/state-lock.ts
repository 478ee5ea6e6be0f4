import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole, type ProgressLog } from './part.ts';
import { endProcess, identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import { StartProblem } from './start-problem.ts';

/*
 * One hub per state folder. States of the lock:
 *   free      nobody is bound to the folder's socket
 *   held      a hub is bound to it; `hub.json` says which, and which launcher it belongs to
 *   stopping  held, and hub.json says so, or its launcher is gone: it will be free within seconds
 * free -> held by binding; held -> stopping by `markStopping` or the launcher's death; any -> free when the process ends,
 * however it ends: the socket has an abstract name, which the kernel itself gives up, so nothing stale can be left and
 * two takers can never both have it. hub.json is for reading alone.
 */

/** A state folder that is ours. */
export interface StateLock {
  /** A start that comes now waits for us instead of giving up. */
  markStopping(): void;
  release(): void;
}

interface Holder extends ProcessIdentity {
  readonly launcher: ProcessIdentity | undefined;
  readonly stopping: boolean;
}

/** A launcher that was killed is noticed by its hub within half a second. */
const UNCERTAIN_MS = 1_000;
/** After that a hub that is stopping is ended: what it had acknowledged is safe, and the start must not take 30 s. */
const PATIENCE_MS = 12_000;

/**
 * Takes the state folder for this process.
 * @param stateDir absolute, and real (no links in it)
 * @throws StartProblem when a hub that is not stopping has it
 */
export async function lockState(stateDir: string, log: ProgressLog): Promise<StateLock> {
  const began = performance.now();
  let told = false;
  for (;;) {
    const socket = await bind(stateDir);
    if (socket !== undefined) return held(socket, stateDir);
    const waited = performance.now() - began;
    const holder = readHolder(stateDir);
    if (holder !== undefined && !isStopping(holder) && waited > UNCERTAIN_MS) refuse(stateDir, holder);
    if (holder !== undefined && waited > PATIENCE_MS) await endProcess(holder, 'SIGKILL', 1_000);
    if (waited > 2 * PATIENCE_MS) refuse(stateDir, holder);
    if (holder !== undefined && isStopping(holder) && !told) {
      log(`The hub of an earlier start (pid ${holder.pid}) is stopping, waiting for it`);
      told = true;
    }
    await sleep(100);
  }
}

function isStopping(holder: Holder): boolean {
  return holder.stopping || holder.launcher === undefined || !isAlive(holder.launcher);
}

function refuse(stateDir: string, holder: Holder | undefined): never {
  const by = holder === undefined ? '' : ` by pid ${holder.pid}`;
  throw new StartProblem(`the state ${stateDir} is in use${by}`, 'stop it, or set BRYGGAN_DATA to another folder');
}

/** @returns the socket that is the lock, or undefined when another process has it */
function bind(stateDir: string): Promise<Server | undefined> {
  const name = `\0bryggan-state-${createHash('sha256').update(stateDir).digest('hex')}`;
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server.unref()));
  });
}

function held(socket: Server, stateDir: string): StateLock {
  const file = join(stateDir, 'hub.json');
  const write = (stopping: boolean): void => {
    const holder = { ...identityOf(process.pid), launcher: identityOf(process.ppid), stopping };
    writeWhole(file, `${JSON.stringify(holder, null, 2)}\n`);
  };
  write(false);
  return {
    markStopping: () => write(true),
    release() {
      rmSync(file, { force: true });
      socket.close();
    },
  };
}

function isIdentity(value: unknown): value is ProcessIdentity {
  const { pid, startTime } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof pid === 'number' && typeof startTime === 'string';
}

/** @returns who hub.json names, when that process lives; a stale file says nothing */
function readHolder(stateDir: string): Holder | undefined {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(join(stateDir, 'hub.json'), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isIdentity(found) || !isAlive(found)) return undefined;
  const { launcher, stopping } = found as { launcher?: unknown; stopping?: unknown };
  return {
    pid: found.pid,
    startTime: found.startTime,
    launcher: isIdentity(launcher) ? launcher : undefined,
    stopping: stopping === true,
  };
}
