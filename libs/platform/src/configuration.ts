import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Instant } from '#libs/domain';
import { SettingsReader } from './settings-reader.ts';

export interface Configuration {
  readonly environment: 'production' | 'development' | 'test';
  /** PostgreSQL and Kafka are parts that we started ourselves, alone on this machine. */
  readonly embedded: boolean;
  /** Key of this process's beats on `uptime`. */
  readonly replica: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly mllp: MllpSettings;
  readonly kafka: KafkaSettings;
  readonly database: { readonly url: string; readonly port: number };
  readonly stateDir: string;
  readonly countyDir: string;
  readonly callersFile: string;
  /** BRYGGAN_ID_SECRET; without it `readIdSecret` keeps one with the state. */
  readonly idSecret?: string;
  readonly clock: { readonly kind: 'system' } | { readonly kind: 'driven'; readonly start?: Instant };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly file?: string };
  readonly retention: { readonly inboundDays: number };
  readonly rules: RuleParameters;
}

export interface MllpSettings {
  readonly host: string;
  readonly port: number;
  readonly maxFrameBytes: number;
  /** Of the machine's clock (contract 3). */
  readonly idleMillis: number;
  /** Messages of one connection not yet answered; then it is not read. */
  readonly maxInFlight: number;
}

export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** Ports of the embedded broker: for the services, for the parties. */
  readonly port: number;
  readonly partyPort: number;
  readonly topicPrefix: string;
  readonly replication: { readonly factor: number; readonly minInsync: number };
  readonly maxMessageBytes: number;
  readonly sessionTimeoutMillis: number;
  readonly tls: boolean;
  /** SCRAM-SHA-512. */
  readonly login?: { readonly username: string; readonly password: string };
}

/** What the architecture calls configuration (section 7, domain.md 9). Milliseconds, but for `butDays` (calendar days). */
export interface RuleParameters {
  readonly trustedWindow: number;
  readonly outageAfter: number;
  readonly outageGrace: number;
  readonly deviationGrace: number;
  readonly tek01: number;
  readonly reminderBefore: number;
  readonly butDays: number;
}

/** What a start knows better than the environment: the embedded start its parts, a test its ports. */
export interface ConfigurationOverrides {
  readonly embedded?: boolean;
  readonly environment?: Configuration['environment'];
  readonly brokers?: readonly string[];
  readonly databaseUrl?: string;
  readonly stateDir?: string;
  readonly countyDir?: string;
  readonly httpPort?: number;
  readonly mllpPort?: number;
  readonly topicPrefix?: string;
  readonly logFile?: string;
  readonly clock?: Configuration['clock'];
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

/** The configuration of this process: the one place where `process.env` is read. */
export function processConfiguration(overrides: ConfigurationOverrides = {}): Configuration {
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
  const environment = overrides.environment ?? reader.choice('NODE_ENV', ENVIRONMENTS, 'development');
  const production = environment === 'production';
  const embedded = overrides.embedded ?? false;
  const stateDir = overrides.stateDir ?? path(reader, 'BRYGGAN_DATA') ?? join(packageRoot(), '.bryggan');
  const logFile = overrides.logFile ?? path(reader, 'BRYGGAN_LOG_FILE');
  const idSecret = readSecret(reader, production);
  const configuration: Configuration = {
    environment,
    embedded,
    replica: reader.text('BRYGGAN_REPLICA', NAME, NAME_RULE) ?? `${hostname().slice(0, 40)}-${process.pid}`,
    http: {
      host: reader.text('BRYGGAN_HTTP_HOST', HOST, HOST_RULE) ?? LOOPBACK,
      port: overridden(overrides.httpPort, reader.integer('BRYGGAN_HTTP_PORT', 8080, 0, 65_535)),
    },
    kafka: readKafka(reader, overrides, production),
    mllp: readMllp(reader, overrides),
    database: readDatabase(reader, overrides, embedded),
    stateDir: resolve(stateDir),
    countyDir: resolve(overrides.countyDir ?? path(reader, 'BRYGGAN_COUNTY') ?? join(packageRoot(), 'deploy/county')),
    callersFile: path(reader, 'BRYGGAN_CALLERS') ?? join(resolve(stateDir), 'callers.json'),
    ...(idSecret === undefined ? {} : { idSecret }),
    clock: readClock(reader, overrides, production),
    log: {
      level: reader.choice('BRYGGAN_LOG_LEVEL', LEVELS, 'info'),
      ...(logFile === undefined ? {} : { file: resolve(logFile) }),
    },
    retention: { inboundDays: reader.integer('BRYGGAN_INBOUND_RETENTION_DAYS', 400, 1, 4000) },
    rules: readRules(reader),
  };
  checkFrameFits(reader, configuration);
  return { configuration, problems: reader.problems('BRYGGAN_') };
}

const ENVIRONMENTS = ['production', 'development', 'test'] as const;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const LOOPBACK = '127.0.0.1';
const HOST = /^[A-Za-z0-9.:_-]{1,253}$/;
const HOST_RULE = { sv: 'ska vara ett värdnamn eller en IP-adress', en: 'must be a host name or an IP address' };
const NAME = /^[A-Za-z0-9._-]{1,80}$/;
const NAME_RULE = {
  sv: 'får ha bokstäver, siffror och ._- (1-80 tecken)',
  en: 'may have letters, digits and ._- (1-80)',
};
/** Room in a record batch beside the message itself: headers, key, framing. */
const ENVELOPE_BYTES = 16_384;

function readMllp(reader: SettingsReader, overrides: ConfigurationOverrides): MllpSettings {
  return {
    host: reader.text('BRYGGAN_MLLP_HOST', HOST, HOST_RULE) ?? LOOPBACK,
    port: overridden(overrides.mllpPort, reader.integer('BRYGGAN_MLLP_PORT', 2575, 0, 65_535)),
    maxFrameBytes: reader.integer('BRYGGAN_MLLP_MAX_FRAME_BYTES', 1_048_576 - ENVELOPE_BYTES, 1024, 64 * 1_048_576),
    idleMillis: reader.seconds('BRYGGAN_MLLP_IDLE_SECONDS', 600, 1, 86_400),
    maxInFlight: reader.integer('BRYGGAN_MLLP_MAX_IN_FLIGHT', 64, 1, 10_000),
  };
}

/** A frame that Kafka would refuse must be refused at the door, not answered AE for ever. */
function checkFrameFits(reader: SettingsReader, { mllp, kafka }: Configuration): void {
  const most = kafka.maxMessageBytes - ENVELOPE_BYTES;
  if (mllp.maxFrameBytes <= most) return;
  reader.problem('BRYGGAN_MLLP_MAX_FRAME_BYTES', {
    sv: `får vara högst ${most}; höj annars BRYGGAN_KAFKA_MAX_MESSAGE_BYTES och ämnenas gräns`,
    en: `may be at most ${most}; or raise BRYGGAN_KAFKA_MAX_MESSAGE_BYTES and the topics' limit`,
  });
}

function readKafka(reader: SettingsReader, overrides: ConfigurationOverrides, production: boolean): KafkaSettings {
  const port = reader.integer('BRYGGAN_KAFKA_PORT', 9092, 1, 65_535);
  const stated = reader.value('BRYGGAN_KAFKA_BROKERS', BROKERS_RULE, brokers, undefined);
  if (production && stated === undefined) reader.problem('BRYGGAN_KAFKA_BROKERS', BROKERS_RULE);
  const login = readLogin(reader);
  const prefix = reader.text('BRYGGAN_TOPIC_PREFIX', /^[A-Za-z0-9._-]{1,80}$/, NAME_RULE);
  return {
    brokers: overrides.brokers ?? stated ?? [`${LOOPBACK}:${port}`],
    port,
    partyPort: reader.integer('BRYGGAN_KAFKA_PARTY_PORT', 9094, 1, 65_535),
    topicPrefix: overrides.topicPrefix ?? prefix ?? '',
    replication: readReplication(reader, production),
    maxMessageBytes: reader.integer('BRYGGAN_KAFKA_MAX_MESSAGE_BYTES', 1_048_588, 65_536, 67_108_864),
    sessionTimeoutMillis: reader.seconds('BRYGGAN_KAFKA_SESSION_SECONDS', production ? 10 : 3, 1, 300),
    tls: reader.choice('BRYGGAN_KAFKA_TLS', ['true', 'false'], 'false') === 'true',
    ...(login === undefined ? {} : { login }),
  };
}

const BROKERS_RULE = {
  sv: 'ska vara värd:port, flera åtskilda med komma (krävs i produktion)',
  en: 'must be host:port, several separated by commas (required in production)',
};

function brokers(text: string): readonly string[] | undefined {
  const list = text.split(',').map((broker) => broker.trim());
  return list.every((broker) => /^[A-Za-z0-9._-]+:\d{1,5}$/.test(broker)) ? list : undefined;
}

function readReplication(reader: SettingsReader, production: boolean): KafkaSettings['replication'] {
  const factor = reader.integer('BRYGGAN_KAFKA_REPLICATION', production ? 3 : 1, production ? 3 : 1, 9);
  const minInsync = reader.integer('BRYGGAN_KAFKA_MIN_INSYNC', production ? 2 : 1, production ? 2 : 1, factor);
  return { factor, minInsync };
}

function readLogin(reader: SettingsReader): KafkaSettings['login'] {
  const rule = {
    sv: 'ska anges tillsammans med den andra av BRYGGAN_KAFKA_USERNAME och BRYGGAN_KAFKA_PASSWORD',
    en: 'must be given together with the other one',
  };
  const username = reader.text('BRYGGAN_KAFKA_USERNAME', NAME, NAME_RULE);
  const password = reader.text('BRYGGAN_KAFKA_PASSWORD', /^.{1,500}$/, rule);
  if (username !== undefined && password !== undefined) return { username, password };
  if (username !== undefined) reader.problem('BRYGGAN_KAFKA_PASSWORD', rule);
  if (password !== undefined) reader.problem('BRYGGAN_KAFKA_USERNAME', rule);
  return undefined;
}

const DATABASE_RULE = {
  sv: 'ska vara postgres://användare:lösenord@värd:port/databas (krävs när PostgreSQL inte är inbäddad)',
  en: 'must be postgres://user:password@host:port/database (required when PostgreSQL is not embedded)',
};

function readDatabase(
  reader: SettingsReader,
  overrides: ConfigurationOverrides,
  embedded: boolean,
): Configuration['database'] {
  const port = reader.integer('BRYGGAN_PG_PORT', 5433, 1, 65_535);
  const stated = reader.value('BRYGGAN_DATABASE_URL', DATABASE_RULE, databaseUrl, undefined);
  const url = overrides.databaseUrl ?? stated;
  if (url === undefined && !embedded) reader.problem('BRYGGAN_DATABASE_URL', DATABASE_RULE);
  return { url: url ?? `postgres://${LOOPBACK}:${port}/bryggan`, port };
}

function databaseUrl(text: string): string | undefined {
  return /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined;
}

function readSecret(reader: SettingsReader, production: boolean): string | undefined {
  const rule = {
    sv: 'ska ha minst 32 tecken (krävs i produktion, och byts aldrig: alla id:n vilar på den)',
    en: 'must have at least 32 characters (required in production, and is never changed: all ids rest on it)',
  };
  const secret = reader.text('BRYGGAN_ID_SECRET', /^.{32,}$/s, rule);
  if (production && secret === undefined) reader.problem('BRYGGAN_ID_SECRET', rule);
  return secret;
}

function readClock(
  reader: SettingsReader,
  overrides: ConfigurationOverrides,
  production: boolean,
): Configuration['clock'] {
  const kind = reader.choice('BRYGGAN_CLOCK', ['system', 'driven'], 'system');
  const start = reader.value('BRYGGAN_CLOCK_START', START_RULE, instant, undefined);
  const stated = start === undefined ? { kind } : { kind, start };
  const clock = overrides.clock ?? stated;
  if (production && clock.kind === 'driven') {
    reader.problem('BRYGGAN_CLOCK', { sv: 'får inte vara driven i produktion', en: 'may not be driven in production' });
  }
  if (overrides.clock === undefined && kind === 'system' && start !== undefined) {
    reader.problem('BRYGGAN_CLOCK_START', { sv: 'kräver BRYGGAN_CLOCK=driven', en: 'needs BRYGGAN_CLOCK=driven' });
  }
  return clock.kind === 'system' ? { kind: 'system' } : clock;
}

const START_RULE = {
  sv: 'ska vara en tidpunkt som 2026-05-10T14:30:00+02:00',
  en: 'must be an instant such as 2026-05-10T14:30:00+02:00',
};

function instant(text: string): Instant | undefined {
  const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}

function readRules(reader: SettingsReader): RuleParameters {
  return {
    trustedWindow: reader.seconds('BRYGGAN_TRUSTED_WINDOW_SECONDS', 15 * 60, 0, 86_400),
    outageAfter: reader.seconds('BRYGGAN_OUTAGE_AFTER_SECONDS', 5, 2, 3600),
    outageGrace: reader.seconds('BRYGGAN_OUTAGE_GRACE_SECONDS', 15 * 60, 0, 86_400),
    deviationGrace: reader.seconds('BRYGGAN_DEVIATION_GRACE_SECONDS', 60, 0, 86_400),
    tek01: reader.seconds('BRYGGAN_TEK01_SECONDS', 3600, 1, 7 * 86_400),
    reminderBefore: reader.seconds('BRYGGAN_REMINDER_SECONDS', 4 * 3600, 0, 7 * 86_400),
    butDays: reader.integer('BRYGGAN_BUT_DAYS', 1, 0, 30),
  };
}

function path(reader: SettingsReader, key: string): string | undefined {
  const text = reader.text(key, /^[^\0]+$/, { sv: 'ska vara en sökväg', en: 'must be a path' });
  return text === undefined ? undefined : resolve(text);
}

function overridden<T>(override: T | undefined, value: T): T {
  return override ?? value;
}

/** The folder of package.json, from the sources and from `dist` alike. */
function packageRoot(): string {
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
