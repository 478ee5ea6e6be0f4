import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Where the PostgreSQL and the Kafka of this run are. */
export interface TestServices {
  readonly brokers: string[];
  /** The connection of the owner, who may make databases and roles. */
  readonly adminUrl: string;
}

/** A database of one suite. */
export interface TestDatabase {
  readonly url: string;
  /** Ends its sessions and removes it. */
  drop(): Promise<void>;
}

/**
 * @returns the services that jest's global setup started, or that the environment names
 * @throws Error when there are none: the suite stands in the wrong ring
 */
export function testServices(): TestServices {
  const adminUrl = process.env['BRYGGAN_TEST_PG_URL'];
  const brokers = process.env['BRYGGAN_TEST_KAFKA'];
  if (adminUrl === undefined || brokers === undefined) {
    throw new Error('no services: only `*.services.test.ts` and tests under test/ are given PostgreSQL and Kafka');
  }
  return { adminUrl, brokers: brokers.split(',') };
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 30);

/** @returns a prefix for topics (and group ids) that no other suite and no earlier run has: `name-1a2b3c4d-` */
export function topicPrefix(name: string): string {
  return `${slug(name)}-${randomBytes(4).toString('hex')}-`;
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testServices().adminUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Makes an empty database that no other suite has.
 * @param name says whose it is, for a person who looks
 */
export async function createTestDatabase(name: string): Promise<TestDatabase> {
  const database = `${topicPrefix(name)}db`.replaceAll('-', '_');
  await asAdmin(`create database "${database}"`);
  const url = new URL(testServices().adminUrl);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => asAdmin(`drop database if exists "${database}" with (force)`) };
}
