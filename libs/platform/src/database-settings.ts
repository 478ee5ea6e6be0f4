import { LOOPBACK, PORT_MAX } from './setting-forms.ts';
import type { SettingsReader } from './settings-reader.ts';

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
