import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { checkedName, startOptions } from './pool.ts';

/** One step of a schema: plain SQL, forward only. */
export interface PlainMigration {
  readonly name: string;
  readonly up: string;
}

export interface MigrateOptions {
  url: string;
  schema: string;
  migrations: readonly PlainMigration[];
  /** The role that owns what is made. */
  role?: string;
}

const pattern = /^(\d{4})-[a-z0-9-]+$/;

/**
 * In: a name such as `0001-stays` and its SQL, which runs with the app's schema as search path.
 * Out: the migration. Error: RangeError for a name of another form (a bug).
 */
export function definePlainMigration(name: string, up: string): PlainMigration {
  if (!pattern.test(name)) throw new RangeError(`a migration's name is four digits, a dash and words: ${name}`);
  return { name, up };
}

const ordinalOf = (migration: PlainMigration): number => Number(pattern.exec(migration.name)?.[1]);

/** TypeORM orders by the 13 digits that end a migration's name. */
const keptName = (migration: PlainMigration): string =>
  `${migration.name}-${String(1_000_000_000_000 + ordinalOf(migration))}`;

/** TypeORM runs instances of classes. */
function asTypeOrm(migration: PlainMigration): new () => MigrationInterface {
  return class implements MigrationInterface {
    name = keptName(migration);
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(migration.up);
    }
    down(): Promise<void> {
      return Promise.reject(new Error('migrations go forward only'));
    }
  };
}

/**
 * Brings an app's schema up to date. Two replicas that start at once are safe: the second waits, then finds nothing to do.
 * In: address, schema, all migrations ever. Out: the names run now. Errors: the database's.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const schema = checkedName(options.schema);
  refuseTwins(options.migrations);
  const guard = new Client({
    connectionString: options.url,
    application_name: `migrate ${schema}`,
    connectionTimeoutMillis: 5000,
  });
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock(hashtextextended($1, 0))', [`migrate ${schema}`]);
    if (options.role !== undefined) await guard.query(`set role ${quoted(options.role)}`);
    await guard.query(`create schema if not exists ${quoted(schema)}`);
    const ran = await namesRun(guard, schema);
    return options.migrations.every((migration) => ran.has(keptName(migration))) ? [] : await runPending(options);
  } finally {
    // Ending the session gives the advisory lock back.
    await guard.end().catch(() => undefined);
  }
}

const quoted = (name: string): string => `"${checkedName(name)}"`;

/** What has run in a schema; nothing where no migration ever has. */
async function namesRun(client: Client, schema: string): Promise<ReadonlySet<string>> {
  const table = `${quoted(schema)}.migration`;
  const { rows: found } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    table,
  ]);
  if (found[0]?.there !== true) return new Set();
  const { rows } = await client.query<{ name: string }>(`select name from ${table}`);
  return new Set(rows.map(({ name }) => name));
}

async function runPending(options: MigrateOptions): Promise<string[]> {
  // Loaded where a migration is to be run: its three hundred files would be a tenth of every start, in each thread.
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    migrations: options.migrations.map(asTypeOrm),
    extra: { options: startOptions(options.role, options.schema), max: 2 },
    installExtensions: false,
    poolErrorHandler: () => undefined,
  });
  await source.initialize();
  try {
    const done = await source.runMigrations();
    return done.map(({ name }) => name.replace(/-\d{13}$/, ''));
  } finally {
    await source.destroy();
  }
}

/** The shared tables come as 0000-...; two steps of one number are a bug, for their order would be chance. */
function refuseTwins(migrations: readonly PlainMigration[]): void {
  if (new Set(migrations.map(ordinalOf)).size !== migrations.length)
    throw new RangeError('two migrations have the same number');
}
