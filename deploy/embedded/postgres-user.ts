import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { StartProblem } from './start-problem.ts';

const run = promisify(execFile);
const NAME = 'postgres';

/** The user that PostgreSQL runs as when we are root, which it refuses to be. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

async function numberOf(flag: '-u' | '-g'): Promise<number | undefined> {
  try {
    return Number((await run('id', [flag, NAME])).stdout.trim());
  } catch {
    return undefined;
  }
}

async function findUser(): Promise<PostgresUser | undefined> {
  const [uid, gid] = await Promise.all([numberOf('-u'), numberOf('-g')]);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/**
 * @returns the system user `postgres`, made when missing; undefined when we are not root and need none
 * @throws StartProblem when it is missing and cannot be made
 */
export async function postgresUser(): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await findUser();
  if (found !== undefined) return found;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch {
    // another start may have made it meanwhile: what counts is whether it is there now
  }
  const made = await findUser();
  if (made !== undefined) return made;
  throw new StartProblem('PostgreSQL cannot run as root', 'create a system user "postgres", or start as another user');
}

/**
 * Tries something as another user, by really doing it: what its permissions, parents, mounts and access lists
 * together allow is only known to the kernel.
 * @returns whether the command could be run and ended well
 */
export function succeedsAs(user: PostgresUser, command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...user, cwd: '/', stdio: 'ignore', env: { PATH: process.env['PATH'] } });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
