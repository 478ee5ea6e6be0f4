import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { removeQuietly, runTool, writeWhole, type ProgressLog } from './part.ts';
import type { PostgresHome } from './postgres-home.ts';
import { endProcess, identityOf, processesInFolder, waitUntilGone } from './process-identity.ts';
import { StartProblem } from './start-problem.ts';
import { missing, removeIfEmpty } from './state-folder.ts';

/** Owner of everything in the cluster, and the name of the database. */
export const OWNER = 'bryggan';

/**
 * @param stateIsNew no earlier start has left anything in the state folder: a database that lies outside of it belonged to
 *   a state folder of the same path that is gone, and is put aside
 * @returns the password of the cluster's owner, kept in the state folder (mode 0600), made when there is none
 * @throws StartProblem when it is missing or empty while its database is there: it is not ours to delete
 */
export async function ensurePassword(
  stateDir: string,
  home: PostgresHome,
  stateIsNew: boolean,
  log: ProgressLog,
): Promise<string> {
  const file = join(stateDir, 'postgres.password');
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (found !== '') return found;
  if (existsSync(home.dataDir)) {
    if (!stateIsNew) throw missing(stateDir, 'postgres.password', `its database ${home.dataDir} opens with it alone`);
    await endOrphans(home.dataDir, 0);
    const aside = `${home.dataDir}-put-aside-${Date.now()}`;
    renameSync(home.dataDir, aside);
    log(
      `PostgreSQL: the database of an earlier state folder at this path is kept in ${aside}; nothing reads it any more`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  writeWhole(file, `${password}\n`);
  return password;
}

/** Makes the cluster when there is none: beside, then renamed, so that a kill half way leaves nothing. */
export async function ensureCluster(home: PostgresHome, password: string, log: ProgressLog): Promise<void> {
  if (existsSync(join(home.dataDir, 'PG_VERSION'))) return;
  requireUserName();
  log(`PostgreSQL: making the database in ${home.dataDir}`);
  for (const entry of readdirSync(home.folder)) {
    if (entry.startsWith('new-')) removeQuietly(join(home.folder, entry));
  }
  const half = join(home.folder, `new-${process.pid}`);
  mkdirSync(half, { mode: 0o700 });
  const passwordFile = join(half, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (home.user !== undefined) for (const path of [half, passwordFile]) chownSync(path, home.user.uid, home.user.gid);
  const data = join(half, 'data');
  await runTool("PostgreSQL's database", join(home.binaries, 'bin', 'initdb'), initdbArguments(data, passwordFile), {
    ...home.user,
    cwd: half,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  });
  removeIfEmpty(home.dataDir);
  renameSync(data, home.dataDir);
  removeQuietly(half);
}

/**
 * PostgreSQL's initdb looks its user up and ends when there is none: container platforms give an image a uid of their own.
 * @throws StartProblem when our uid has no name
 */
function requireUserName(): void {
  try {
    userInfo();
  } catch {
    const uid = process.getuid?.() ?? 0;
    throw new StartProblem(
      `the uid ${uid} has no name in /etc/passwd, and PostgreSQL makes no database without one`,
      `add the line bryggan:x:${uid}:${process.getgid?.() ?? 0}::/:/sbin/nologin to /etc/passwd, start as a user that has a name, or set BRYGGAN_DATABASE_URL`,
    );
  }
}

function initdbArguments(data: string, passwordFile: string): string[] {
  return [
    `--pgdata=${data}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
}

/**
 * Makes the data free for a new postmaster. After a kill -9 of the old one its children go on for a moment, and their
 * shared memory refuses a new one; and the pid in postmaster.pid may by now be a stranger's, which PostgreSQL takes
 * for a living postmaster.
 */
export async function clearAfterCrash(home: PostgresHome): Promise<void> {
  await endOrphans(home.dataDir, 3_000);
  rmSync(join(home.dataDir, 'postmaster.pid'), { force: true });
}

/** Ends every process that stands in the data folder: first left to go by itself, then asked, then killed. */
export async function endOrphans(dataDir: string, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (const orphan of processesInFolder(dataDir))
    await waitUntilGone(orphan, Math.max(0, deadline - performance.now()));
  const left = processesInFolder(dataDir);
  await Promise.all(left.map((orphan) => endProcess(orphan, 'SIGQUIT', 2_000)));
}

/** @returns the pid that the data folder names as its postmaster, when such a process stands in it */
export function postmasterOf(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const stands = identityOf(pid) !== undefined && processesInFolder(dataDir).some((process) => process.pid === pid);
    return stands ? pid : undefined;
  } catch {
    return undefined;
  }
}
