import { LOOPBACK, PORT_MAX, type SettingsReader } from './settings-reader.ts';

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
