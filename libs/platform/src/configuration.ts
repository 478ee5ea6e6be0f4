import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type ClockSettings, readClock } from './clock.ts';
import {
  type DatabaseSettings,
  forgetLibpqVariables,
  type KafkaSettings,
  type OpenIdSettings,
  readDatabase,
  readKafka,
  readOpenId,
} from './connection-settings.ts';
import { type HttpSettings, type MllpSettings, readHttp, readMllp } from './door-settings.ts';
import { readRules, type RuleParameters } from './rule-parameters.ts';
import { NAME, NAME_RULE, SettingsReader } from './settings-reader.ts';

export interface Configuration {
  readonly environment: 'production' | 'development' | 'test';
  /** PostgreSQL and Kafka are parts that we started ourselves, alone on this machine. */
  readonly embedded: boolean;
  /** Key of this process's beats on `uptime`. */
  readonly replica: string;
  readonly http: HttpSettings;
  readonly mllp: MllpSettings;
  readonly kafka: KafkaSettings;
  readonly database: DatabaseSettings;
  readonly stateDir: string;
  readonly countyDir: string;
  readonly callersFile: string;
  /** BRYGGAN_ID_SECRET; without it `readIdSecret` keeps one with the state. */
  readonly idSecret?: string;
  readonly clock: ClockSettings;
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly file?: string };
  readonly retention: { readonly inboundDays: number };
  /** What router and watcher each may keep of stays in memory. */
  readonly stays: { readonly bytesInMemory: number };
  readonly rules: RuleParameters;
  /** Where people sign in to the pages; absent: nobody does. */
  readonly openId?: OpenIdSettings;
}

/** What a start knows better than the environment: the embedded start its parts, a test its ports. */
export interface ConfigurationOverrides {
  readonly embedded?: boolean;
  readonly environment?: Configuration['environment'];
  readonly brokers?: readonly string[];
  readonly kafkaLogin?: KafkaSettings['login'];
  readonly databaseUrl?: string;
  readonly stateDir?: string;
  readonly countyDir?: string;
  readonly httpPort?: number;
  readonly mllpPort?: number;
  /** The app that runs alone: its HTTP port when the environment names none, so that six apps beside each other each have one. */
  readonly app?: string;
  readonly topicPrefix?: string;
  /** Where the log goes unless BRYGGAN_LOG_FILE says otherwise. */
  readonly logFile?: string;
  readonly clock?: ClockSettings;
  /** The provider that the embedded start brings. */
  readonly openId?: OpenIdSettings;
}

/** Thrown when the environment is wrong: the message has one line per bad key, with its remedy and never a secret. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/** The validated, frozen configuration. Throws `ConfigurationError` naming all that is wrong. */
export function readConfiguration(env: NodeJS.ProcessEnv, overrides: ConfigurationOverrides = {}): Configuration {
  const { configuration, problems } = read(env, overrides);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return frozen(configuration);
}

/** The configuration of this process: the one place where `process.env` is read. From then on libpq's variables are gone. */
export function processConfiguration(overrides: ConfigurationOverrides = {}): Configuration {
  forgetLibpqVariables(process.env);
  return readConfiguration(process.env, overrides);
}

/** All that is wrong with an environment, a line each; empty = it can be used. For a launcher, before parts run. */
export function environmentProblems(env: NodeJS.ProcessEnv, overrides: ConfigurationOverrides = {}): readonly string[] {
  return read(env, overrides).problems;
}

function read(
  env: NodeJS.ProcessEnv,
  overrides: ConfigurationOverrides,
): { configuration: Configuration; problems: readonly string[] } {
  const reader = new SettingsReader(env);
  const stated = reader.choice('NODE_ENV', ENVIRONMENTS, 'development');
  const environment = overrides.environment ?? stated;
  const production = environment === 'production';
  const embedded = overrides.embedded ?? false;
  const kafka = readKafka(reader, overrides, production);
  const openId = readOpenId(reader, production ? undefined : overrides.openId);
  const configuration: Configuration = {
    environment,
    embedded,
    replica: reader.text('BRYGGAN_REPLICA', NAME, NAME_RULE) ?? `${hostname().slice(0, 40)}-${process.pid}`,
    http: readHttp(reader, overrides),
    kafka,
    mllp: readMllp(reader, kafka.maxMessageBytes, overrides.mllpPort),
    database: readDatabase(reader, overrides.databaseUrl, embedded),
    ...readPaths(reader, overrides),
    ...readSecret(reader, production),
    clock: readClock(reader, overrides.clock, production),
    log: readLog(reader, overrides.logFile),
    retention: { inboundDays: reader.integer('BRYGGAN_INBOUND_RETENTION_DAYS', 400, 1, 4000) },
    stays: { bytesInMemory: reader.integer('BRYGGAN_STAYS_MEBIBYTES', 24, 0, 16_384) * 2 ** 20 },
    rules: readRules(reader),
    ...(openId && { openId }),
  };
  return { configuration, problems: reader.problems('BRYGGAN_') };
}

const ENVIRONMENTS = ['production', 'development', 'test'] as const;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

// Every key is read even when it is overridden: one that nobody read counts as unknown.
function readPaths(
  reader: SettingsReader,
  overrides: ConfigurationOverrides,
): Pick<Configuration, 'stateDir' | 'countyDir' | 'callersFile'> {
  const [data, county, callers] = ['BRYGGAN_DATA', 'BRYGGAN_COUNTY', 'BRYGGAN_CALLERS'].map((key) => reader.path(key));
  const stateDir = resolve(overrides.stateDir ?? data ?? join(packageRoot(), '.bryggan'));
  return {
    stateDir,
    countyDir: resolve(overrides.countyDir ?? county ?? join(packageRoot(), 'deploy/county')),
    callersFile: callers === undefined ? join(stateDir, 'callers.json') : resolve(callers),
  };
}

function readLog(reader: SettingsReader, given: string | undefined): Configuration['log'] {
  const level = reader.choice('BRYGGAN_LOG_LEVEL', LEVELS, 'info');
  const stated = reader.path('BRYGGAN_LOG_FILE');
  // What the operator states is wanted; the start's file is only its default.
  const file = stated ?? given;
  return file === undefined ? { level } : { level, file: resolve(file) };
}

function readSecret(reader: SettingsReader, production: boolean): Pick<Configuration, 'idSecret'> {
  const rule = {
    sv: 'ska ha minst 32 tecken (krävs i produktion, och byts aldrig: alla id:n vilar på den)',
    en: 'must have at least 32 characters (required in production, and is never changed: all ids rest on it)',
  };
  const secret = reader.text('BRYGGAN_ID_SECRET', /^.{32,}$/s, rule);
  if (production && secret === undefined) reader.problem('BRYGGAN_ID_SECRET', rule);
  return secret === undefined ? {} : { idSecret: secret };
}

/** The folder of package.json, from the sources and from `dist` alike. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/**
 * What each setting is for, in the order in which a reader of docs/settings.md wants them; what a value must be is said by the
 * check that reads it. `npm run documents` makes the page of both, and a test compares it with the code.
 */
export const SETTING_PURPOSES: Readonly<Record<string, string>> = {
  NODE_ENV: '`production` refuses what only fits a trial (default development)',
  BRYGGAN_REPLICA: "this process's name among replicas (default host and pid)",
  BRYGGAN_DATA: 'the state folder (default `.bryggan`)',
  BRYGGAN_COUNTY: 'parties, agreements, callers (default `deploy/county`)',
  BRYGGAN_CALLERS: 'tokens (default `callers.json` in the state folder)',
  BRYGGAN_ID_SECRET: 'the secret of all ids (default: one kept with the state)',
  BRYGGAN_HTTP_HOST: 'address of the HTTP door (default 127.0.0.1)',
  BRYGGAN_HTTP_PORT: 'its port; alone: ingress 8081, translator 8082, router 8083, dispatcher 8084, watcher 8085',
  BRYGGAN_HTTP_PLAIN: '`allowed`: HTTP beyond the loopback, as TLS ends in front of it',
  BRYGGAN_HTTP_REQUESTS_PER_SECOND: 'of one caller; more get 429',
  BRYGGAN_PUBLIC_URL: 'the address in links (default: what the request used)',
  BRYGGAN_RESOURCES_URL:
    'where a portal that runs alone hands on what people write on its pages (default: its own address)',
  BRYGGAN_OPENID_ISSUER: 'where people sign in to the pages (default: the demonstration, embedded alone; else nobody)',
  BRYGGAN_OPENID_CLIENT_ID: 'how the pages are known there',
  BRYGGAN_OPENID_CLIENT_SECRET: 'with which secret',
  BRYGGAN_TRUSTED_PROXIES: "whose `Forwarded` counts (default nobody's)",
  BRYGGAN_MLLP_HOST: 'address of the MLLP door (default 127.0.0.1)',
  BRYGGAN_MLLP_PORT: 'its port, in the clear; closed with TLS unless `BRYGGAN_MLLP_PLAIN` says otherwise',
  BRYGGAN_MLLP_PLAIN: '`allowed`: MLLP in the clear beyond the loopback, or beside TLS',
  BRYGGAN_MLLP_TLS_CERTIFICATE: 'file (PEM) of the certificate of MLLP over TLS; read at a start',
  BRYGGAN_MLLP_TLS_KEY: 'file (PEM) of its private key',
  BRYGGAN_MLLP_TLS_CLIENT_CA: "file (PEM) of who issues the senders' certificates: mutual TLS",
  BRYGGAN_MLLP_TLS_PORT: 'port of MLLP over TLS',
  BRYGGAN_MLLP_MAX_FRAME_BYTES: 'largest message; never more than Kafka takes',
  BRYGGAN_MLLP_IDLE_SECONDS: 'a silent connection is closed after this; 0 never',
  BRYGGAN_MLLP_END_WAIT_MILLIS: 'a frame without CR is taken after this',
  BRYGGAN_MLLP_DRAIN_SECONDS: 'who leaves answers unread for this long is closed',
  BRYGGAN_MLLP_MAX_IN_FLIGHT: 'unanswered messages of a connection',
  BRYGGAN_MLLP_MAX_CONNECTIONS: 'connections in all',
  BRYGGAN_MLLP_MAX_CONNECTIONS_PER_ADDRESS: "connections of one peer's address",
  BRYGGAN_MLLP_MAX_GATHERED_MEBIBYTES: 'unfinished frames in all; at least twice the largest message',
  BRYGGAN_KAFKA_PORT: 'of the embedded Kafka',
  BRYGGAN_KAFKA_PARTY_PORT: 'of its listener for parties; beside a Kafka on another port that port + 2',
  BRYGGAN_KAFKA_BROKERS: "an operator's own Kafka; none is then started",
  BRYGGAN_KAFKA_USERNAME: 'its SCRAM-SHA-512 user',
  BRYGGAN_KAFKA_PASSWORD: 'and password; both or neither',
  BRYGGAN_KAFKA_TLS: 'TLS to the brokers (default false)',
  BRYGGAN_KAFKA_REPLICATION: 'replicas of each topic; production: at least and by default 3',
  BRYGGAN_KAFKA_MIN_INSYNC: 'of them in sync, at most all; production: at least and by default 2',
  BRYGGAN_KAFKA_MAX_MESSAGE_BYTES: 'largest record that the brokers take',
  BRYGGAN_KAFKA_SESSION_SECONDS: 'a dead member is missed after this; production 10',
  BRYGGAN_TOPIC_PREFIX: "before every topic's name (default none)",
  BRYGGAN_INBOUND_RETENTION_DAYS: 'how long `inbound` is kept',
  BRYGGAN_STAYS_MEBIBYTES:
    'what router and watcher each keep of stays, as text; in memory it is about twice as much; a stay kept goes on where it was',
  BRYGGAN_PG_PORT: 'of the embedded PostgreSQL',
  BRYGGAN_DATABASE_URL: "an operator's own PostgreSQL; none is then started",
  BRYGGAN_CLOCK: '`driven` for tests; refused in production (default system)',
  BRYGGAN_CLOCK_START: 'where a driven clock begins',
  BRYGGAN_LOG_LEVEL: 'least that is written (default info)',
  BRYGGAN_LOG_FILE: 'where it is written (default: output; `npm start`: `hub.log`)',
  BRYGGAN_TRUSTED_WINDOW_SECONDS: 'a sent time this long before intake is believed',
  BRYGGAN_OUTAGE_AFTER_SECONDS: 'without a beat for this long the hub was away',
  BRYGGAN_OUTAGE_GRACE_SECONDS: 'a deadline in an outage moves this far past its end',
  BRYGGAN_DEVIATION_GRACE_SECONDS: 'transport may take this before an absence is said',
  BRYGGAN_TEK01_SECONDS: 'a notice without a legal deadline is overdue after this',
  BRYGGAN_REMINDER_SECONDS: 'a missing ground is asked for again this long before its deadline',
  BRYGGAN_BUT_DAYS: 'a discharge may differ this much from what was told (LAW-27)',
  BRYGGAN_CONTINUATION_SECONDS: 'a case goes on in a stay that begins this long after a transfer (DEC-31)',
  BRYGGAN_CONTINUATION_LEAD_SECONDS: 'or this long before it',
  BRYGGAN_CLOSING_SECONDS: 'a stay closes this long after its discharge (DEC-17)',
  BRYGGAN_NEWBORN_DAYS: 'a child is a newborn under this age (DEC-35)',
};
