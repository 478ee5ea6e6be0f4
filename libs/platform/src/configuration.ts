import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readClock, type ClockSettings } from './clock-settings.ts';
import { readDatabase, type DatabaseSettings, forgetLibpqVariables } from './database-settings.ts';
import { readHttp, type HttpSettings } from './http-settings.ts';
import { readKafka, type KafkaSettings } from './kafka-settings.ts';
import { readMllp, type MllpSettings } from './mllp-settings.ts';
import { readOpenId, type OpenIdSettings } from './openid-settings.ts';
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
