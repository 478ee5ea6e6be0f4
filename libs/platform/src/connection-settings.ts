import { LOOPBACK, NAME, NAME_RULE, PORT_MAX, type SettingsReader } from './settings-reader.ts';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** The brokers are an operator's own (BRYGGAN_KAFKA_BROKERS): no Kafka is started for them. */
  readonly stated: boolean;
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

/** What the start knows better. */
interface GivenKafka {
  readonly brokers?: readonly string[];
  readonly kafkaLogin?: KafkaSettings['login'];
  readonly topicPrefix?: string;
}

/** The log that everything passes. Production asks for brokers by name, 3 replicas and 2 in sync (architecture 2.1). */
export function readKafka(reader: SettingsReader, given: GivenKafka, production: boolean): KafkaSettings {
  const port = reader.integer('BRYGGAN_KAFKA_PORT', 9092, 1, PORT_MAX);
  const stated = reader.value('BRYGGAN_KAFKA_BROKERS', BROKERS_RULE, brokers, undefined);
  if (production && stated === undefined) reader.problem('BRYGGAN_KAFKA_BROKERS', BROKERS_RULE);
  const ownLogin = readLogin(reader);
  const login = given.kafkaLogin ?? ownLogin;
  const prefix = reader.text('BRYGGAN_TOPIC_PREFIX', /^[A-Za-z0-9._-]{1,80}$/, NAME_RULE);
  return {
    brokers: given.brokers ?? stated ?? [`${LOOPBACK}:${port}`],
    stated: stated !== undefined,
    port,
    // 9094; beside a Kafka on another port another, so that two hubs on one machine do not ask for the same.
    partyPort: reader.integer('BRYGGAN_KAFKA_PARTY_PORT', Math.min(port + 2, PORT_MAX), 1, PORT_MAX),
    topicPrefix: given.topicPrefix ?? prefix ?? '',
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

export interface DatabaseSettings {
  readonly url: string;
  /** The database is an operator's own (BRYGGAN_DATABASE_URL): no PostgreSQL is started for it. */
  readonly stated: boolean;
  /** Of the embedded PostgreSQL. */
  readonly port: number;
}

const DATABASE_RULE = {
  sv: 'ska vara postgres://användare:lösenord@värd:port/databas (krävs när PostgreSQL inte är inbäddad)',
  en: 'must be postgres://user:password@host:port/database (required when PostgreSQL is not embedded)',
};

/** PostgreSQL's address: the start's, the environment's, or where the embedded one will be. */
export function readDatabase(reader: SettingsReader, given: string | undefined, embedded: boolean): DatabaseSettings {
  const port = reader.integer('BRYGGAN_PG_PORT', 5433, 1, PORT_MAX);
  const stated = reader.value('BRYGGAN_DATABASE_URL', DATABASE_RULE, databaseUrl, undefined);
  const url = given ?? stated;
  if (url === undefined && !embedded) reader.problem('BRYGGAN_DATABASE_URL', DATABASE_RULE);
  return { url: url ?? `postgres://${LOOPBACK}:${port}/bryggan`, stated: stated !== undefined, port };
}

function databaseUrl(text: string): string | undefined {
  return /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined;
}

/**
 * Removes the variables of PostgreSQL's own clients (`PGHOST`, `PGSSLMODE`, `PGOPTIONS`, ...) from an environment. The driver
 * reads them behind our back wherever a connection string is silent: a shell that is set up for another database would
 * turn our sessions read-only, ask the embedded server for TLS, or send us to another host. The connection string of the
 * configuration alone counts, an operator's own `BRYGGAN_DATABASE_URL` included.
 * @param env changed in place
 */
export function forgetLibpqVariables(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (/^PG[A-Z]/.test(name) || name === 'NODE_PG_FORCE_NATIVE') Reflect.deleteProperty(env, name);
  }
}

/** Where people sign in, and how the pages are known there (OpenID Connect). */
export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const ISSUER_RULE = {
  sv: 'ska vara utfärdarens adress (https://...), och http bara på den egna maskinen',
  en: "must be the issuer's address (https://...), and http only on this machine",
};
const TEXT_RULE = { sv: 'ska vara 1-500 tecken', en: 'must be 1-500 characters' };

/**
 * The sign-in of the pages. Without an issuer nobody signs in, and the pages say so; the embedded start brings a provider
 * with demonstration persons, which a production never has.
 * @param given what the embedded start made, where the environment names no issuer
 */
export function readOpenId(reader: SettingsReader, given: OpenIdSettings | undefined): OpenIdSettings | undefined {
  const issuer = reader.value('BRYGGAN_OPENID_ISSUER', ISSUER_RULE, issuerIn, undefined);
  const clientId = reader.text('BRYGGAN_OPENID_CLIENT_ID', /^.{1,500}$/, TEXT_RULE);
  const clientSecret = reader.text('BRYGGAN_OPENID_CLIENT_SECRET', /^.{1,500}$/, TEXT_RULE);
  if (issuer === undefined) return given;
  if (clientId === undefined) reader.problem('BRYGGAN_OPENID_CLIENT_ID', TEXT_RULE);
  if (clientSecret === undefined) reader.problem('BRYGGAN_OPENID_CLIENT_SECRET', TEXT_RULE);
  return { issuer, clientId: clientId ?? '', clientSecret: clientSecret ?? '' };
}

function issuerIn(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? text : undefined;
}
