import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
// By its file: jest's global setup comes here without the conditions under which #libs is the sources.
import { forgetLibpqVariables } from '../../libs/platform/src/connection-settings.ts';
import { lastLines, openLog, readRecord, writeRecord, type EmbeddedPart, type ProgressLog } from './part.ts';
import { clearAfterCrash, endOrphans, ensureCluster, ensurePassword, OWNER, postmasterOf } from './postgres-cluster.ts';
import { choosePostgresHome, type PostgresHome } from './postgres-home.ts';
import { requireFreePort } from './port.ts';
import {
  endProcess,
  identityOf,
  isAlive,
  processesInFolder,
  signalProcess,
  waitUntilGone,
  type ProcessIdentity,
} from './process-identity.ts';
import { StartProblem } from './start-problem.ts';
import { requireData } from './state-folder.ts';

/** A PostgreSQL of ours that takes connections at `url`. */
export interface RunningPostgres extends EmbeddedPart {
  /** The owner's connection to the database `bryggan`. */
  readonly url: string;
}

export interface PostgresOptions {
  /** The state folder; made (0700) when missing. */
  readonly stateDir: string;
  /** On the loopback. */
  readonly port: number;
  readonly log: ProgressLog;
  /** No earlier start has left anything in the state folder; see `openStateFolder`. */
  readonly stateIsNew?: boolean;
}

const HEALTHY_WITHIN_MS = 3_000;
const READY_WITHIN_MS = 60_000;

/** Durable in every setting that durability hangs on; the rest is size. Log lines hold no statement and no value. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  autovacuum: 'on',
  // What outboxes and stays leave behind is taken away while it is little: nobody reads over it, and its pages are used again.
  autovacuum_naptime: '15s',
  // Statements go by keys: a sample a quarter as large tells as much, and what grows by a tenth within seconds is not read again for it.
  default_statistics_target: '25',
  autovacuum_analyze_scale_factor: '0.3',
  shared_buffers: '128MB',
  max_connections: '200',
  max_wal_size: '2GB',
  // After a checkpoint a page is logged whole when it is first written, once or twice a message: pressed together it takes 75
  // microseconds of processor, as it is 10.
  wal_compression: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // An ERROR of a statement may quote a value of a patient: only the server's own lines, without details.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/**
 * Starts PostgreSQL on the state folder, or adopts the one that runs on it already and is healthy.
 * @returns the running PostgreSQL, its database `bryggan` made
 * @throws StartProblem when its user can mend what stands in the way
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  return (await openPostgres(options))();
}

/**
 * Looks at what the state folder has of a PostgreSQL, and starts nothing.
 * @returns what starts or adopts it, now and after each time that it died
 * @throws StartProblem when something of it is lost, or it cannot be run here
 */
export async function openPostgres(options: PostgresOptions): Promise<() => Promise<RunningPostgres>> {
  forgetLibpqVariables(process.env);
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
  const stateDir = realpathSync(options.stateDir);
  const home = await choosePostgresHome(stateDir, options.log);
  const password = await ensurePassword(stateDir, home, options.stateIsNew === true, options.log);
  const place = { stateDir, home, password, port: options.port, log: options.log };
  requireCluster(place);
  return () => startOrAdopt(place);
}

/** What was there when the state was opened may be gone when PostgreSQL is started again: an empty one would take its place. */
const requireCluster = ({ stateDir, home }: Place): void =>
  requireData(stateDir, 'postgres.json', home.dataDir, 'PG_VERSION');

async function startOrAdopt(place: Place): Promise<RunningPostgres> {
  requireCluster(place);
  const adopted = await adopt(place);
  if (adopted !== undefined) return running(place, adopted, true);
  await requireFreePort({ port: place.port, what: 'PostgreSQL', setting: 'BRYGGAN_PG_PORT' });
  await ensureCluster(place.home, place.password, place.log);
  await clearAfterCrash(place.home);
  return running(place, await launch(place), false);
}

interface Place {
  readonly stateDir: string;
  readonly home: PostgresHome;
  readonly password: string;
  readonly port: number;
  readonly log: ProgressLog;
}

const recordFile = (place: Place): string => join(place.stateDir, 'postgres.json');
const logFile = (place: Place): string => join(place.stateDir, 'postgres.log');
const settingsOf = (place: Place): string => JSON.stringify({ binaries: place.home.binaries, ...SETTINGS });
const urlOf = (place: Place, database: string): string =>
  `postgres://${OWNER}:${place.password}@127.0.0.1:${place.port}/${database}`;

/** @returns the living process of this state when it is healthy and as wanted; else it is ended */
async function adopt(place: Place): Promise<ProcessIdentity | undefined> {
  const record = readRecord(recordFile(place));
  // Killed between start and record: the data folder itself names its postmaster.
  const unrecorded = postmasterOf(place.home.dataDir);
  const alive = [record, unrecorded === undefined ? undefined : identityOf(unrecorded)].find(
    (candidate) => candidate !== undefined && isAlive(candidate),
  );
  if (alive === undefined) return undefined;
  const asWanted = record?.pid === alive.pid && record.port === place.port && record.settings === settingsOf(place);
  if (asWanted && (await answers(place, HEALTHY_WITHIN_MS))) {
    keepRecord(place, alive);
    return alive;
  }
  place.log(
    `PostgreSQL: pid ${alive.pid} of an earlier start is ${asWanted ? 'unhealthy' : 'on other settings'}, ended`,
  );
  await endProcess(alive, 'SIGINT', 5_000);
  return undefined;
}

/** A process that runs on our data and takes our password. */
async function answers(place: Place, withinMs: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(place, OWNER),
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
    return found.rows[0]?.folder === place.home.dataDir;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function launch(place: Place): Promise<ProcessIdentity> {
  const { home } = place;
  const log = openLog(logFile(place));
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(
    join(home.binaries, 'bin', 'postgres'),
    ['-D', home.dataDir, '-p', `${place.port}`, ...settings],
    {
      ...home.user,
      cwd: home.folder,
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log, log],
      detached: true, // a session of its own: a kill of the hub's group leaves it alive
    },
  );
  closeSync(log);
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  child.unref();
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity === undefined) {
    const error = await Promise.race([failed, sleep(100, undefined)]);
    throw new StartProblem(
      `PostgreSQL did not start (${error?.message ?? lastLines(logFile(place))})`,
      `see ${logFile(place)}`,
    );
  }
  keepRecord(place, identity);
  await untilReady(place, identity);
  return identity;
}

function keepRecord(place: Place, identity: ProcessIdentity): void {
  writeRecord(recordFile(place), {
    pid: identity.pid,
    startTime: identity.startTime,
    port: place.port,
    dataDir: place.home.dataDir,
    stateDir: place.stateDir,
    settings: settingsOf(place),
  });
}

/** Recovery after a crash may take a while: as long as the process lives it is given its time. */
async function untilReady(place: Place, identity: ProcessIdentity): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const refusal = await makeDatabase(place);
    if (refusal === undefined) return;
    if (!isAlive(identity)) {
      throw new StartProblem(`PostgreSQL ended at its start (${lastLines(logFile(place))})`, `see ${logFile(place)}`);
    }
    const isWrongPassword = refusal.startsWith('28');
    if (isWrongPassword || performance.now() > deadline) await endProcess(identity, 'SIGINT', 3_000);
    if (isWrongPassword) {
      throw new StartProblem(
        `postgres.password of the state ${place.stateDir} is not the one of its database ${place.home.dataDir}`,
        'put it back from a copy of the state',
      );
    }
    if (performance.now() > deadline) {
      throw new StartProblem(`PostgreSQL did not answer within a minute (${refusal})`, `see ${logFile(place)}`);
    }
    await sleep(50);
  }
}

/** @returns undefined when the server answers, its database being there then; else the code of its refusal */
async function makeDatabase(place: Place): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: urlOf(place, 'postgres'),
    connectionTimeoutMillis: HEALTHY_WITHIN_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [OWNER]);
    if (found.rowCount === 0) await client.query(`create database ${OWNER}`);
    return undefined;
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return code ?? message;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function running(place: Place, identity: ProcessIdentity, adopted: boolean): RunningPostgres {
  const { dataDir } = place.home;
  const everyone = (signal: NodeJS.Signals): void => {
    for (const process of processesInFolder(dataDir)) signalProcess(process, signal);
  };
  return {
    name: 'PostgreSQL',
    process: identity,
    pid: identity.pid,
    port: place.port,
    logFile: logFile(place),
    adopted,
    url: urlOf(place, OWNER),
    async stop() {
      everyone('SIGCONT');
      // SIGINT is its fast shutdown: sessions are ended, a checkpoint is written.
      if ((await endProcess(identity, 'SIGINT', 8_000)) !== 'gone') await endOrphans(dataDir, 500);
    },
    async kill() {
      signalProcess(identity, 'SIGKILL');
      await waitUntilGone(identity, 5_000);
    },
    pause: () => everyone('SIGSTOP'),
    resume: () => everyone('SIGCONT'),
  };
}
