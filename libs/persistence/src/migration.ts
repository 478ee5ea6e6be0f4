import { Client } from 'pg';
import { DataSource } from 'typeorm';
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

/** TypeORM orders by the 13 digits that end a migration's name, and runs instances of classes. */
function asTypeOrm(migration: PlainMigration, ordinal: number): new () => MigrationInterface {
  return class implements MigrationInterface {
    name = `${migration.name}-${String(1_000_000_000_000 + ordinal)}`;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(migration.up);
    }
    down(): Promise<void> {
      return Promise.reject(new Error('migrations go forward only'));
    }
  };
}

const ordinalOf = (migration: PlainMigration): number => Number(pattern.exec(migration.name)?.[1]);

/**
 * Brings an app's schema up to date. Two replicas that start at once are safe: the second waits, then finds nothing to do.
 * In: address, schema, all migrations ever. Out: the names run now. Errors: the database's.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const schema = checkedName(options.schema);
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
    return await runPending(options);
  } finally {
    // Ending the session gives the advisory lock back.
    await guard.end().catch(() => undefined);
  }
}

const quoted = (name: string): string => `"${checkedName(name)}"`;

async function runPending(options: MigrateOptions): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    migrations: inOrder(options.migrations),
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
function inOrder(migrations: readonly PlainMigration[]): (new () => MigrationInterface)[] {
  const numbers = migrations.map(ordinalOf);
  if (new Set(numbers).size !== numbers.length) throw new RangeError('two migrations have the same number');
  return migrations.map((migration, at) => asTypeOrm(migration, numbers[at] ?? 0));
}
