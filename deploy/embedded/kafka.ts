import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, readdirSync, realpathSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyAccess, type KafkaAccess } from './kafka-access.ts';
import { kafkaIsReady } from './kafka-readiness.ts';
import { BROKER_LOGIN, brokerSettings, serverProperties, type KafkaPlace } from './kafka-settings.ts';
import {
  lastLines,
  openLog,
  readRecord,
  removeQuietly,
  runTool,
  writeRecord,
  writeWhole,
  type EmbeddedPart,
  type ProgressLog,
} from './part.ts';
import { freePort, listensOn, requireFreePort } from './port.ts';
import {
  endProcess,
  identityOf,
  isAlive,
  processesWithArgument,
  signalProcess,
  waitUntilGone,
  type ProcessIdentity,
} from './process-identity.ts';
import { StartProblem } from './start-problem.ts';
import { removeIfEmpty, requireData } from './state-folder.ts';

/** A Kafka of ours that takes clients at `brokers`. */
export interface RunningKafka extends EmbeddedPart {
  readonly brokers: string[];
}

export interface KafkaOptions {
  /** The state folder; made (0700) when missing. */
  readonly stateDir: string;
  /** On the loopback. */
  readonly port: number;
  readonly log: ProgressLog;
  /** Where the jars of deploy/embedded/kafka/pom.xml lie. */
  readonly jarsDir: string;
  /** For tests: starts faster, runs slower. */
  readonly fast?: boolean;
  /** What clients are told to connect to, when a proxy stands in front; default `port`. */
  readonly advertisedPort?: number;
  /** Who may come, and for what. Without it whoever reaches the port may do everything: for tests only. */
  readonly access?: KafkaAccess;
}

const HEALTHY_WITHIN_MS = 5_000;
const READY_WITHIN_MS = 60_000;

interface Site extends KafkaPlace {
  readonly stateDir: string;
  /** Kafka runs in it. */
  readonly folder: string;
  readonly dataDir: string;
  /** Its path is an argument of the process: by it a start finds what an earlier one could not record. */
  readonly propertiesFile: string;
  readonly logFile: string;
  readonly recordFile: string;
  readonly javaArguments: readonly string[];
  readonly access: KafkaAccess | undefined;
  readonly log: ProgressLog;
}

function siteOf(options: KafkaOptions): Site {
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
  const stateDir = realpathSync(options.stateDir);
  const folder = join(stateDir, 'kafka');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const heap = [
    '-Xmx512m',
    '-Xms256m',
    '-XX:+UseSerialGC',
    ...(options.fast === true ? ['-XX:TieredStopAtLevel=1'] : []),
  ];
  const quiet = ['-Djava.awt.headless=true', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
  const stamp = [
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd_HH:mm:ss.SSS',
  ];
  return {
    stateDir,
    folder,
    dataDir: dataFolder(stateDir),
    port: options.port,
    advertisedPort: options.advertisedPort ?? options.port,
    ...(options.access && { partyPort: options.access.partyPort }),
    access: options.access,
    propertiesFile: join(folder, 'server.properties'),
    logFile: join(stateDir, 'kafka.log'),
    recordFile: join(stateDir, 'kafka.json'),
    javaArguments: [...heap, ...quiet, ...stamp, '-cp', join(options.jarsDir, '*')],
    log: options.log,
  };
}

/** Java of JAVA_HOME, else of the path. */
function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  const own = home === undefined || home === '' ? undefined : join(home, 'bin', 'java');
  return own !== undefined && existsSync(own) ? own : 'java';
}

/** The JVM and its children of mind: no secret of the hub's environment. */
const javaEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  LC_ALL: 'C.UTF-8',
});

const settingsOf = (site: Site): string =>
  createHash('sha256')
    .update(JSON.stringify([brokerSettings(site), site.javaArguments]))
    .digest('hex');

/**
 * Starts a Kafka of one node on the state folder, or adopts the one that runs on it already and is healthy.
 * @throws StartProblem when its user can mend what stands in the way
 */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const site = siteOf(options);
  const adopted = await adopt(site);
  if (adopted !== undefined) {
    await admit(site);
    return running(site, adopted, true);
  }
  await requireFreePort({ port: site.port, what: 'Kafka', setting: 'BRYGGAN_KAFKA_PORT' });
  const parties = { what: "Kafka's parties", setting: 'BRYGGAN_KAFKA_PARTY_PORT' };
  if (site.partyPort !== undefined) await requireFreePort({ port: site.partyPort, ...parties });
  requireKafkaData(site.stateDir);
  await format(site);
  const identity = await launch(site);
  try {
    await admit(site);
  } catch (error) {
    await endProcess(identity, 'SIGTERM', 6_000);
    throw error;
  }
  return running(site, identity, false);
}

/** @throws StartProblem when the data of a Kafka have been in this state and are gone, or are no longer whole */
export function requireKafkaData(stateDir: string): void {
  requireData(stateDir, 'kafka.json', dataFolder(stateDir), 'meta.properties');
}

const dataFolder = (stateDir: string): string => join(stateDir, 'kafka', 'data');

/** Before anybody is told that it runs: a client whose login is not known yet is refused, and does not try again. */
async function admit({ access, port, logFile }: Site): Promise<void> {
  if (access === undefined) return;
  try {
    await applyAccess(port, access);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new StartProblem(`Kafka does not take its logins and rights (${why})`, `see ${logFile}`);
  }
}

/**
 * Waits until a Kafka is ready. More than one try: a machine under load is slow to answer, and to end a Kafka that is well
 * costs half a minute of it. The broker's own password goes to nobody but our own process: while that does not listen yet,
 * another user's may.
 * @returns false when it has ended, or was not ready within the milliseconds
 */
async function becomesReady({ port, access }: Site, identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const login = access && { mechanism: 'plain' as const, username: BROKER_LOGIN, password: access.brokerPassword };
  const deadline = performance.now() + withinMs;
  let listens = false;
  for (let left = withinMs; left > 0 && isAlive(identity); left = deadline - performance.now()) {
    listens ||= listensOn(identity.pid, port);
    if (listens && (await kafkaIsReady(port, Math.min(left, 3_000), login))) return true;
    await sleep(50);
  }
  return false;
}

/** @returns the living process of this state when it is healthy and as wanted; all others of it are ended */
async function adopt(site: Site): Promise<ProcessIdentity | undefined> {
  const record = readRecord(site.recordFile);
  const processes = processesWithArgument(site.propertiesFile);
  if (record !== undefined && isAlive(record) && !processes.some((process) => process.pid === record.pid)) {
    // The record of a folder that was moved: its process carries the old path.
    if (record.dataDir !== site.dataDir) processes.push({ pid: record.pid, startTime: record.startTime });
  }
  let healthy: ProcessIdentity | undefined;
  for (const process of processes) {
    const asWanted = record?.pid === process.pid && record.port === site.port && record.settings === settingsOf(site);
    if (asWanted && (await becomesReady(site, process, HEALTHY_WITHIN_MS))) {
      healthy = process;
      continue;
    }
    site.log(`Kafka: pid ${process.pid} of an earlier start is ${asWanted ? 'unhealthy' : 'on other settings'}, ended`);
    await endProcess(process, 'SIGTERM', 6_000);
  }
  return healthy;
}

/** Formats the data folder once: beside, then renamed, so that a kill half way leaves nothing. */
async function format(site: Site): Promise<void> {
  if (existsSync(join(site.dataDir, 'meta.properties'))) return;
  site.log(`Kafka: formatting ${site.dataDir}`);
  for (const entry of readdirSync(site.folder)) if (entry.startsWith('new-')) removeQuietly(join(site.folder, entry));
  const half = join(site.folder, `new-${process.pid}`);
  mkdirSync(half, { mode: 0o700 });
  writeWhole(join(half, 'server.properties'), serverProperties(site, await freePort(), site.access?.brokerPassword));
  const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', 'server.properties'];
  await runTool("Kafka's data", javaCommand(), [...site.javaArguments, ...tool], { cwd: half, env: javaEnvironment() });
  removeIfEmpty(site.dataDir);
  renameSync(join(half, 'data'), site.dataDir);
  removeQuietly(half);
}

/** 22 characters base64url; an id that begins with a hyphen would be read as an option of the tool. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

/** The controller's port is drawn at each start: another process may take it in between, then it is drawn again. */
async function launch(site: Site): Promise<ProcessIdentity> {
  for (let attempt = 1; ; attempt += 1) {
    writeWhole(site.propertiesFile, serverProperties(site, await freePort(), site.access?.brokerPassword));
    const identity = await spawnKafka(site);
    if (await untilReady(site, identity)) return identity;
    if (attempt === 3)
      throw new StartProblem(`Kafka ended at its start (${lastLines(site.logFile)})`, `see ${site.logFile}`);
  }
}

async function spawnKafka(site: Site): Promise<ProcessIdentity> {
  const log = openLog(site.logFile);
  const child = spawn(javaCommand(), [...site.javaArguments, 'kafka.Kafka', site.propertiesFile], {
    cwd: site.folder,
    env: javaEnvironment(),
    stdio: ['ignore', log, log],
    detached: true, // a session of its own: a kill of the hub's group leaves it alive
  });
  closeSync(log);
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  child.unref();
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity === undefined) {
    const error = await Promise.race([failed, sleep(100, undefined)]);
    throw new StartProblem(`Kafka did not start (${error?.message ?? 'unknown'})`, 'is Java 17 or later installed?');
  }
  writeRecord(site.recordFile, {
    ...identity,
    port: site.port,
    dataDir: site.dataDir,
    stateDir: site.stateDir,
    settings: settingsOf(site),
  });
  return identity;
}

/** @returns false when the process ended before it was ready */
async function untilReady(site: Site, identity: ProcessIdentity): Promise<boolean> {
  if (await becomesReady(site, identity, READY_WITHIN_MS)) return true;
  if (!isAlive(identity)) return false;
  await endProcess(identity, 'SIGTERM', 3_000);
  throw new StartProblem('Kafka did not answer within a minute', `see ${site.logFile}`);
}

function running(site: Site, identity: ProcessIdentity, adopted: boolean): RunningKafka {
  return {
    name: 'Kafka',
    process: identity,
    pid: identity.pid,
    port: site.port,
    logFile: site.logFile,
    adopted,
    brokers: [`127.0.0.1:${site.advertisedPort}`],
    async stop() {
      await endProcess(identity, 'SIGTERM', 10_000);
    },
    async kill() {
      signalProcess(identity, 'SIGKILL');
      await waitUntilGone(identity, 5_000);
    },
    pause: () => void signalProcess(identity, 'SIGSTOP'),
    resume: () => void signalProcess(identity, 'SIGCONT'),
  };
}
