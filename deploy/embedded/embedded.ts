import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCounty, openCallers, type County } from '#libs/county';
import { localDate } from '#libs/domain';
import { readIdSecret, type Configuration } from '#libs/platform';
import type { HubParts, RunningHub, StartHub } from './hub-start.ts';
import { requireKafkaData, startKafka } from './kafka.ts';
import { applyAccess, type KafkaAccess } from './kafka-access.ts';
import { demonstrationPersons } from './openid/demonstration-persons.ts';
import { startDemonstrationProvider, type DemonstrationProvider } from './openid/demonstration-provider.ts';
import { openKafkaAccess } from './kafka-logins.ts';
import { requireOwnParts } from './own-parts.ts';
import type { EmbeddedPart, ProgressLog } from './part.ts';
import { requireFreePort } from './port.ts';
import { openPostgres } from './postgres.ts';
import { untilHubReady } from './readiness.ts';
import { embeddedSettings, type EmbeddedSettings } from './settings.ts';
import { StartProblem } from './start-problem.ts';
import { opennessWarnings, partsLines, readyLine } from './start-words.ts';
import { openStateFolder, requireIdSecret, type StateFolder } from './state-folder.ts';
import { lockState, type StateLock } from './state-lock.ts';
import { supervise, type Supervised } from './supervision.ts';

/** What is to run. */
export interface EmbeddedRun {
  /** Of the embedded hub, read and found right. */
  readonly configuration: Configuration;
  readonly jarsDir: string;
  /** Gives the hub's start; asked for while the parts start, since loading it takes as long. Without it the parts run alone. */
  readonly loadHub?: () => Promise<StartHub>;
  /** Resolves when everything is to stop. */
  readonly untilStopped: Promise<void>;
  readonly log: ProgressLog;
}

/** Within 30 s in all (contract 1): this for the hub, 12 s at most for its parts, and the launcher's 28 s above both. */
const HUB_STOPS_WITHIN_MS = 12_000;

/**
 * The whole life of an embedded Bryggan: lock, checks, parts, hub, until `untilStopped`; then hub, parts, lock. Whatever
 * can be found wrong without the parts is found before they are started.
 * @throws StartProblem and whatever the checks and the hub's start reject with; everything is stopped by then
 */
export async function runEmbedded(run: EmbeddedRun): Promise<void> {
  const { configuration, loadHub, untilStopped, log } = run;
  if (!existsSync('/proc/self/stat')) throw new StartProblem('this is no Linux', 'start the apps alone (README)');
  const settings = embeddedSettings(configuration, run.jarsDir);
  const county = loadCounty(configuration.countyDir);
  const state = openStateFolder(settings.stateDir);
  const lock = await lockState(state.path, log);
  const running: Supervised[] = [];
  let hub: RunningHub | undefined;
  let provider: DemonstrationProvider | undefined;
  let unfollow: (() => void) | undefined;
  try {
    if (configuration.idSecret === undefined) requireIdSecret(state.path);
    readIdSecret({ ...configuration, stateDir: state.path });
    openCallers(configuration.callersFile, county);
    const access = configuration.kafka.stated ? undefined : new CurrentAccess(state.path, county, configuration.kafka);
    await requireOwnParts(configuration);
    const start = (): Promise<HubParts> => startParts({ settings, state, access, running, log });
    if (loadHub === undefined) {
      const parts = await start();
      partsLines(parts, settings.stateDir === `${process.cwd()}/.bryggan`, access?.now.logins).forEach(log);
      if (parts.admit) unfollow = followCountyAlone(configuration.countyDir, parts.admit, log);
    } else {
      provider = await demonstrationSignIn(configuration, settings, county);
      hub = await startWithHub(run, settings, start, loadHub, provider);
    }
    await untilStopped;
  } finally {
    unfollow?.();
    await stopAll(hub, running, lock, log);
    await provider?.stop();
  }
}

/** @returns the hub, ready or being stopped; undefined when the stop came before it was there */
async function startWithHub(
  { configuration, untilStopped, log }: EmbeddedRun,
  settings: EmbeddedSettings,
  start: () => Promise<HubParts>,
  loadHub: () => Promise<StartHub>,
  provider: DemonstrationProvider | undefined,
): Promise<RunningHub | undefined> {
  await requireFreePort({ port: settings.httpPort, what: 'HTTP', setting: 'BRYGGAN_HTTP_PORT' });
  await requireFreePort({ port: settings.mllpPort, what: 'MLLP', setting: 'BRYGGAN_MLLP_PORT' });
  const loading = loadHub();
  loading.catch(() => undefined); // it is awaited below, after the parts
  const parts = await start();
  // A stop does not wait for a hub that is still trying to start.
  const hub = await Promise.race([
    loading.then((startHub) => startHub({ ...parts, ...(provider && { openId: provider.settings }) })),
    untilStopped.then(() => undefined),
  ]);
  if (hub === undefined || !(await untilHubReady(hub.addresses.http, untilStopped, log))) return hub;
  opennessWarnings(configuration).forEach(log);
  if (provider !== undefined)
    log(`Pages: ${hub.addresses.http}/ in a browser; sign in as ${provider.persons.join(', ')}`);
  log(readyLine(hub.addresses, parts, configuration));
  return hub;
}

/** People sign in at the operator's own provider; where he names none, and in no production, among persons who do not exist. */
async function demonstrationSignIn(
  { environment, openId, http }: Configuration,
  { httpPort }: EmbeddedSettings,
  county: County,
): Promise<DemonstrationProvider | undefined> {
  if (environment === 'production' || openId !== undefined) return undefined;
  const own = http.publicUrl === undefined ? [] : [http.publicUrl];
  const portals = [`http://127.0.0.1:${httpPort}`, `http://localhost:${httpPort}`, ...own];
  return startDemonstrationProvider(demonstrationPersons(county, localDate(Date.now())), portals);
}

interface PartsStart {
  readonly settings: EmbeddedSettings;
  readonly state: StateFolder;
  /** Who may come to the Kafka of ours; undefined where an operator has his own. */
  readonly access: CurrentAccess | undefined;
  /** What has started, to be stopped also when the rest fails. */
  readonly running: Supervised[];
  readonly log: ProgressLog;
}

/** Who may come to the Kafka of ours, as the county has it now: one that dies is started again with that. */
class CurrentAccess {
  readonly #stateDir: string;
  readonly #settings: Configuration['kafka'];
  #now: KafkaAccess;

  /** @throws StartProblem as {@link openKafkaAccess} */
  constructor(stateDir: string, county: County, settings: Configuration['kafka']) {
    this.#stateDir = stateDir;
    this.#settings = settings;
    this.#now = openKafkaAccess(stateDir, county, settings);
  }

  get now(): KafkaAccess {
    return this.#now;
  }

  /** The logins and rights of a county that has changed, from now on. @param port of the services' listener */
  async follow(county: County, port: number): Promise<void> {
    this.#now = openKafkaAccess(this.#stateDir, county, this.#settings);
    await applyAccess(port, this.#now);
  }
}

/**
 * Where the parts run without a hub, nobody else lets in the parties of a county that has changed: at each SIGHUP its folder is
 * read again, and what is faulty is told and changes nothing. @returns what ends that
 */
function followCountyAlone(countyDir: string, admit: (county: County) => Promise<void>, log: ProgressLog): () => void {
  // One at a time: a second signal reads what the first one may have missed.
  let last: Promise<void> = Promise.resolve();
  const readAgain = async (): Promise<void> => {
    const county = loadCounty(countyDir);
    await admit(county);
    log(`Kafka: the county was read again, and its ${county.partyIds().length} parties may come`);
  };
  const onSignal = (): void => {
    last = last.then(readAgain).catch((error: unknown) => {
      log(`Kafka: the county as it is now was not taken up (${error instanceof Error ? error.message : 'unknown'})`);
    });
  };
  process.on('SIGHUP', onSignal);
  return () => process.off('SIGHUP', onSignal);
}

/** Starts or adopts both at once, when nothing of either is lost. */
async function startParts({ settings, state, access, running, log }: PartsStart): Promise<HubParts> {
  const { databaseUrl, kafkaBrokers, jarsDir } = settings;
  const { path: stateDir, isNew } = state;
  const begin = async <P extends EmbeddedPart>(start: () => Promise<P>): Promise<P> => {
    const part = await start();
    running.push(supervise(part, start, log));
    log(`${part.name}: ${part.adopted ? 'adopted, it was running' : 'started'} on port ${part.port} (pid ${part.pid})`);
    return part;
  };
  if (kafkaBrokers === undefined) requireKafkaData(stateDir);
  const opened = databaseUrl ?? (await openPostgres({ stateDir, port: settings.postgresPort, log, stateIsNew: isNew }));
  const postgres = async (): Promise<string> => (typeof opened === 'string' ? opened : (await begin(opened)).url);
  const kafka = async (): Promise<string[]> => {
    if (kafkaBrokers !== undefined) return kafkaBrokers;
    const part = await begin(() =>
      startKafka({ stateDir, port: settings.kafkaPort, log, jarsDir, ...(access && { access: access.now }) }),
    );
    log(`Kafka: parties on port ${settings.kafkaPartyPort}, logins in kafka-callers.json; both ports loopback only`);
    return part.brokers;
  };
  const [url, brokers] = await Promise.allSettled([postgres(), kafka()]);
  if (url.status === 'rejected') throw url.reason;
  if (brokers.status === 'rejected') throw brokers.reason;
  const password = access?.now.logins.get('hub');
  return {
    ...{ stateDir, databaseUrl: url.value, brokers: brokers.value },
    ...(password !== undefined && { kafkaLogin: { username: 'hub', password } }),
    ...(access && { admit: (changed: County) => access.follow(changed, settings.kafkaPort) }),
  };
}

/** The hub first, so that nothing is taken in that could not be kept; never throws. */
async function stopAll(
  hub: RunningHub | undefined,
  running: Supervised[],
  lock: StateLock,
  log: ProgressLog,
): Promise<void> {
  lock.markStopping();
  // A start that was refused by a check has nothing to say but why.
  const hasRun = hub !== undefined || running.length > 0;
  if (hasRun) log('Stopping');
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
  if (hasRun) log('Stopped');
}
