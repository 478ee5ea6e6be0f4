import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Configuration } from '#libs/platform';
import { StartProblem } from './start-problem.ts';

const ANSWERS_WITHIN_MS = 5_000;

/**
 * Looks whether an operator's own PostgreSQL and Kafka are there, before anything is started: the hub itself would wait
 * for them without a word.
 * @throws StartProblem naming the address that does not answer, and why
 */
export async function requireOwnParts({ database, kafka }: Pick<Configuration, 'database' | 'kafka'>): Promise<void> {
  if (database.stated) await requireDatabase(database.url);
  if (kafka.stated) await requireKafka(kafka);
}

async function requireDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWERS_WITHIN_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { hostname, port, pathname } = new URL(url);
    throw new StartProblem(
      `no PostgreSQL takes us at ${hostname}:${port || '5432'}${pathname} (${reason(error)})`,
      'start it, or correct BRYGGAN_DATABASE_URL',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function requireKafka({ brokers, tls, login }: Configuration['kafka']): Promise<void> {
  const kafka = new Kafka({
    clientId: 'bryggan-start',
    brokers: [...brokers],
    ssl: tls,
    ...(login && { sasl: { mechanism: 'scram-sha-512', ...login } }),
    logLevel: logLevel.NOTHING,
    connectionTimeout: ANSWERS_WITHIN_MS,
    requestTimeout: ANSWERS_WITHIN_MS,
    retry: { retries: 1 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } catch (error) {
    throw new StartProblem(
      `no Kafka takes us at ${brokers.join(',')} (${reason(error)})`,
      'start it, or correct BRYGGAN_KAFKA_BROKERS',
    );
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** The innermost cause: what wraps it says only that it was tried again. */
function reason(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError) inner = inner.errors[0];
  return inner instanceof Error ? inner.message || inner.name : 'unknown';
}
