export { createPool } from './pool.ts';
export type { PoolOptions } from './pool.ts';
export { inTransaction, retryingTransaction } from './transaction.ts';
export type { Tx } from './transaction.ts';
export { isDatabaseTrouble, isDataError, isTransient, sqlState } from './database-error.ts';
export { definePlainMigration, migrate } from './migration.ts';
export type { MigrateOptions, PlainMigration } from './migration.ts';
export { messagingTables } from './messaging-tables.ts';
export { describeSchema } from './schema-description.ts';
