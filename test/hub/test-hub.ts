import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { topicDefinitions, topicNames, type TopicNames } from '#libs/messaging';
import { loadCounty } from '#libs/county';
import { IdMaker, readIdSecret } from '#libs/platform';
import type { Instant } from '../../apps/simulator/src/county/county-time.ts';
import { HOSPITALS, type HospitalId } from '../../apps/simulator/src/county/hospitals.ts';
import { HubClient, readTokens } from '../../apps/simulator/src/hub/hub-client.ts';
import { MllpClient } from '../../apps/simulator/src/hub/mllp-client.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { removeState } from '../services/abandoned.ts';
import { createTestDatabase, testServices, topicPrefix } from '../services/services.ts';
import { spareState } from '../services/spare.ts';
import { startHubChild, type HubChild } from './hub-child.ts';
import { LogReader } from './log-reader.ts';
import { Outcome } from './outcome.ts';
import { PATIENCE_MILLIS } from './until.ts';
import type { Ward } from './ward.ts';

export interface TestHubOptions {
  /** With one the clock is driven and starts there; without, it is the system's. */
  readonly clockStart?: Instant;
  /** A Kafka and a PostgreSQL of the test's own; else those of the run, with a database and topics of the hub's own. */
  readonly brokers?: readonly string[];
  readonly databaseUrl?: string;
  /** Where it answers HTTP, for a test that has to know it before; else a free port. */
  readonly httpPort?: number;
  /** More settings of the hub. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Place {
  readonly stateDir: string;
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly dropDatabase: () => Promise<void>;
  readonly prefix: string;
  readonly httpPort: number;
  readonly mllpPort: number;
  readonly driven: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

const COUNTY = loadCounty(join(import.meta.dirname, '../../deploy/county'));

/** A whole hub in a process of its own, on a state of its own: killed and started again it is the same hub. */
export class TestHub {
  readonly stateDir: string;
  readonly brokers: readonly string[];
  readonly topics: TopicNames;
  readonly http: string;
  /** The hub's time as this test last set it; under the system's clock it says nothing. */
  now: Instant;
  readonly #place: Place;
  readonly #senders = new Map<string, MllpClient>();
  #child: HubChild | undefined;
  #client: HubClient | undefined;
  #reader: LogReader | undefined;

  /** Use `startTestHub`. */
  constructor(place: Place, now: Instant) {
    this.#place = place;
    this.stateDir = place.stateDir;
    this.brokers = place.brokers;
    this.topics = topicNames(place.prefix);
    this.http = `http://127.0.0.1:${place.httpPort}`;
    this.now = now;
  }

  /** The hub's HTTP side, with the tokens of all its callers. */
  get client(): HubClient {
    if (!this.#client) throw new Error('the hub has not been started');
    return this.#client;
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  get logFile(): string {
    return join(this.stateDir, 'hub.log');
  }

  /** The bearer token of a caller (contract 1). */
  token(caller: string): string {
    return readTokens(join(this.stateDir, 'callers.json')).get(caller) ?? '';
  }

  /** Starts it, anew on what it left. @param at where a driven clock starts, unless it has been later */
  async start(at: Instant = this.now): Promise<void> {
    const { brokers, databaseUrl, stateDir } = this.#place;
    const child = startHubChild({ brokers: [...brokers], databaseUrl, stateDir }, this.#settingsAt(at));
    this.#child = child;
    await child.ready;
    this.now = Math.max(this.now, at);
    this.#client = new HubClient(this.http, readTokens(join(stateDir, 'callers.json')));
  }

  #settingsAt(at: Instant): Record<string, string> {
    const { driven, httpPort, mllpPort, prefix, settings } = this.#place;
    return {
      BRYGGAN_TOPIC_PREFIX: prefix,
      BRYGGAN_HTTP_PORT: `${httpPort}`,
      BRYGGAN_MLLP_PORT: `${mllpPort}`,
      ...(driven && { BRYGGAN_CLOCK: 'driven', BRYGGAN_CLOCK_START: new Date(at).toISOString() }),
      ...settings,
    };
  }

  /** What an app needs to run alone beside this hub, on the same state. */
  get settingsBeside(): Readonly<Record<string, string>> {
    return {
      ...this.#settingsAt(this.now),
      BRYGGAN_KAFKA_BROKERS: this.brokers.join(','),
      BRYGGAN_DATABASE_URL: this.#place.databaseUrl,
      BRYGGAN_DATA: this.stateDir,
    };
  }

  get databaseUrl(): string {
    return this.#place.databaseUrl;
  }

  /** A signal to the process, which stays this hub's: SIGSTOP, SIGCONT. */
  signal(name: NodeJS.Signals): void {
    this.#child?.signal(name);
  }

  /** SIGKILL: not one instruction more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM. @throws Error when its end is not orderly */
  async stop(): Promise<void> {
    const code = await this.#end('SIGTERM');
    if (code !== 0 && code !== undefined) throw new Error(`the hub ended with ${code}`);
  }

  async #end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | undefined> {
    const child = this.#child;
    this.#child = undefined;
    child?.signal(signal);
    return child?.ended;
  }

  /** Settles, steps and judges up to `to`; with `settle` false the clock is only set. */
  async to(to: Instant, settle = true): Promise<void> {
    await this.client.moveClock(to, settle);
    this.now = to;
  }

  /** Where senders connect. */
  get mllpAddress(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.#place.mllpPort };
  }

  /** A new connection of a sender. */
  connect(): MllpClient {
    return new MllpClient(this.mllpAddress, PATIENCE_MILLIS);
  }

  /** Sends over the one connection of that sender. @throws Error unless the answer is AA */
  async send(sender: HospitalId, message: Buffer): Promise<void> {
    const connection = this.#senders.get(sender) ?? this.connect();
    this.#senders.set(sender, connection);
    const { code } = await connection.send(message);
    if (code !== 'AA') throw new Error(`answered ${code}`);
  }

  /** The hub's own id of a stay. */
  stayId(sender: HospitalId, visit: string): string {
    const ids = new IdMaker(readIdSecret({ stateDir: this.stateDir }));
    return ids.stay(HOSPITALS[sender].organisation, visit);
  }

  /** The hub's own id of the stay that a ward's messages are of. */
  stayOf({ sender, visit }: Pick<Ward, 'sender' | 'visit'>): string {
    return this.stayId(sender, visit);
  }

  /** All parties with a topic, and the senders. */
  get parties(): readonly string[] {
    return COUNTY.partyIds();
  }

  /** What lies on every topic when all that was handed over has been worked off. */
  async settled(): Promise<Outcome> {
    await this.client.settle();
    return this.outcome();
  }

  /** What lies on every topic now. */
  async outcome(): Promise<Outcome> {
    this.#reader ??= await this.#openReader();
    return new Outcome(await this.#reader.all(), this.topics);
  }

  /** After a Kafka has been away: what was read is read anew. */
  async forgetReader(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.stop().catch(() => undefined);
  }

  get #topicNames(): string[] {
    const options = { parties: COUNTY.partyIds(), senders: COUNTY.senderIds(), embedded: true };
    return topicDefinitions(this.topics, options).map(({ name }) => name);
  }

  async #openReader(): Promise<LogReader> {
    const reader = new LogReader(this.brokers, this.#topicNames);
    await reader.start();
    return reader;
  }

  /** A broker that keeps the topics of every hub of a run grows slow. Nobody reads them any more. */
  async #removeTopics(): Promise<void> {
    const kafka = new Kafka({ brokers: [...this.brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    try {
      await admin.connect();
      await admin.deleteTopics({ topics: this.#topicNames, timeout: 30_000 });
    } catch {
      // Not all were made, or the broker is gone: nothing that a test could mind.
    } finally {
      await admin.disconnect();
    }
  }

  /** Ends it and removes what it had. */
  async dispose(): Promise<void> {
    for (const sender of this.#senders.values()) sender.close();
    await this.kill();
    await this.forgetReader();
    await this.#removeTopics();
    await this.#place.dropDatabase();
    await removeState(this.stateDir);
  }
}

/** @returns a hub that is ready; `dispose` it */
export async function startTestHub(name: string, options: TestHubOptions = {}): Promise<TestHub> {
  const database = options.databaseUrl === undefined ? await createTestDatabase(name) : undefined;
  const hub = new TestHub(
    {
      stateDir: spareState(),
      brokers: options.brokers ?? testServices().brokers,
      databaseUrl: options.databaseUrl ?? database?.url ?? '',
      dropDatabase: async () => database?.drop(),
      prefix: topicPrefix(name),
      httpPort: options.httpPort ?? (await freePort()),
      mllpPort: await freePort(),
      driven: options.clockStart !== undefined,
      settings: options.settings ?? {},
    },
    options.clockStart ?? Date.now(),
  );
  try {
    await hub.start();
  } catch (error) {
    await hub.dispose();
    throw error;
  }
  return hub;
}

/** Answers after so many milliseconds of the machine's clock: for faults that have to last, never to wait for a result. */
export const lasting = (millis: number): Promise<void> => sleep(millis);
