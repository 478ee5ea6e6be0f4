import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka } from './kafka.ts';
import type { EmbeddedPart, ProgressLog } from './part.ts';
import { requireFreePort } from './port.ts';
import { startPostgres } from './postgres.ts';
import type { EmbeddedSettings } from './settings.ts';
import { StartProblem } from './start-problem.ts';
import { lockState, type StateLock } from './state-lock.ts';
import { supervise, type Supervised } from './supervision.ts';

/** What the hub is told about its parts. */
export interface HubParts {
  brokers: string[];
  databaseUrl: string;
  stateDir: string;
}

/** A hub that runs. */
export interface RunningHub {
  stop(): Promise<void>;
  addresses: { http: string; mllp: string };
}

export type StartHub = (parts: HubParts) => Promise<RunningHub>;

/** Within 30 s in all (contract 1): this for the hub, 12 s at most for its parts, and the launcher's 28 s above both. */
const HUB_STOPS_WITHIN_MS = 12_000;

/**
 * The whole life of an embedded Bryggan: lock, parts, hub, until `untilStopped`; then hub, parts, lock.
 * @param loadHub gives the hub's start; asked for while the parts start, since loading it takes as long
 * @param untilStopped resolves when everything is to stop
 * @throws StartProblem and whatever the hub's start rejects with; everything is stopped by then
 */
export async function runEmbedded(
  settings: EmbeddedSettings,
  loadHub: () => Promise<StartHub>,
  untilStopped: Promise<void>,
  log: ProgressLog,
): Promise<void> {
  if (!existsSync('/proc/self/stat')) throw new StartProblem('this is no Linux', 'start the apps alone (README)');
  const stateDir = stateFolder(settings.stateDir);
  const lock = await lockState(stateDir, log);
  const running: Supervised[] = [];
  let hub: RunningHub | undefined;
  try {
    await requireFreePort({ port: settings.httpPort, what: 'HTTP', setting: 'BRYGGAN_HTTP_PORT' });
    await requireFreePort({ port: settings.mllpPort, what: 'MLLP', setting: 'BRYGGAN_MLLP_PORT' });
    const loading = loadHub();
    loading.catch(() => undefined); // it is awaited below, after the parts
    const parts = await startParts({ ...settings, stateDir }, running, log);
    // A stop does not wait for a hub that is still trying to start.
    hub = await Promise.race([loading.then((startHub) => startHub(parts)), untilStopped.then(() => undefined)]);
    if (hub !== undefined) log(readyLine(hub, parts, settings));
    await untilStopped;
  } finally {
    await stopAll(hub, running, lock, log);
  }
}

/** @throws StartProblem when no folder can be there */
function stateFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartProblem(`the state folder ${path} cannot be made (${code})`, 'set BRYGGAN_DATA to another folder');
  }
}

/** Starts or adopts both at once; what has started when the other fails is in `running`, to be stopped. */
async function startParts(settings: EmbeddedSettings, running: Supervised[], log: ProgressLog): Promise<HubParts> {
  const { stateDir, databaseUrl, kafkaBrokers, jarsDir } = settings;
  const begin = async <P extends EmbeddedPart>(start: () => Promise<P>): Promise<P> => {
    const part = await start();
    running.push(supervise(part, start, log));
    log(`${part.name}: ${part.adopted ? 'adopted, it was running' : 'started'} on port ${part.port} (pid ${part.pid})`);
    return part;
  };
  const postgres = async (): Promise<string> =>
    databaseUrl ?? (await begin(() => startPostgres({ stateDir, port: settings.postgresPort, log }))).url;
  const kafka = async (): Promise<string[]> => {
    if (kafkaBrokers !== undefined) return kafkaBrokers;
    const part = await begin(() => startKafka({ stateDir, port: settings.kafkaPort, log, jarsDir }));
    if (!part.adopted) log('Kafka: listens on the loopback alone, without passwords: for the services of this machine');
    return part.brokers;
  };
  const [url, brokers] = await Promise.allSettled([postgres(), kafka()]);
  if (url.status === 'rejected') throw url.reason;
  if (brokers.status === 'rejected') throw brokers.reason;
  return { stateDir, databaseUrl: url.value, brokers: brokers.value };
}

function readyLine(hub: RunningHub, parts: HubParts, settings: EmbeddedSettings): string {
  const database = new URL(parts.databaseUrl);
  const inside = relative(process.cwd(), parts.stateDir);
  const state = inside.startsWith('..') ? parts.stateDir : inside;
  const addresses = {
    http: hub.addresses.http,
    mllp: hub.addresses.mllp,
    kafka: (settings.kafkaBrokers ?? parts.brokers).join(','),
    postgres: `${database.hostname}:${database.port || '5432'}`,
    state,
  };
  const words = Object.entries(addresses).map(([name, address]) => `${name}=${address}`);
  return `Bryggan is ready  ${words.join(' ')}`;
}

/** The hub first, so that nothing is taken in that could not be kept; never throws. */
async function stopAll(
  hub: RunningHub | undefined,
  running: Supervised[],
  lock: StateLock,
  log: ProgressLog,
): Promise<void> {
  lock.markStopping();
  log('Stopping');
  if (hub !== undefined) {
    const stopped = hub.stop().then(
      () => 'stopped',
      (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
    );
    const outcome = await Promise.race([stopped, sleep(HUB_STOPS_WITHIN_MS, 'too slow', { ref: false })]);
    if (outcome !== 'stopped') log(`The hub did not stop well: ${outcome}`);
  }
  await Promise.all(running.map((part) => part.stop().catch(() => undefined)));
  lock.release();
  log('Stopped');
}
