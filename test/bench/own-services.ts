import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { startKafka, type RunningKafka } from '../../deploy/embedded/kafka.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { startPostgres, type RunningPostgres } from '../../deploy/embedded/postgres.ts';
import { identityOf } from '../../deploy/embedded/process-identity.ts';
import { removeState, STATE_PREFIX } from '../services/abandoned.ts';

/** The PostgreSQL and the Kafka of this run alone, with the settings of `npm start`. */
export class OwnServices {
  readonly brokers: string[];
  readonly pids: { readonly postgres: number; readonly kafka: number };
  readonly #stateDir: string;
  readonly #kafka: RunningKafka;
  readonly #postgres: RunningPostgres;

  private constructor(stateDir: string, kafka: RunningKafka, postgres: RunningPostgres) {
    this.#stateDir = stateDir;
    this.#kafka = kafka;
    this.#postgres = postgres;
    this.brokers = kafka.brokers;
    this.pids = { postgres: postgres.pid, kafka: kafka.pid };
  }

  static async start(): Promise<OwnServices> {
    const stateDir = mkdtempSync(join(tmpdir(), STATE_PREFIX));
    // With an owner's name on it, what a killed run leaves is swept by the next run of the tests.
    writeFileSync(join(stateDir, 'owner.json'), JSON.stringify(identityOf(process.pid)));
    const log = (): void => undefined;
    const postgres = await startPostgres({ stateDir, port: await freePort(), log });
    try {
      const kafka = await startKafka({ stateDir, port: await freePort(), log, jarsDir: await jars() });
      return new OwnServices(stateDir, kafka, postgres);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }

  /** An empty database. In: a name of letters. Out: its address. */
  async database(name: string): Promise<string> {
    const client = new pg.Client({ connectionString: this.#postgres.url });
    await client.connect();
    try {
      await client.query(`create database "${name}"`);
    } finally {
      await client.end();
    }
    const url = new URL(this.#postgres.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** A folder for the state of a hub. */
  folder(name: string): string {
    const folder = join(this.#stateDir, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#kafka.stop(), this.#postgres.stop()]);
    await removeState(this.#stateDir);
  }
}

/** The launcher's own module, which is not compiled: it stands in the repository, where the run was started. */
async function jars(): Promise<string> {
  const file = pathToFileURL(join(process.cwd(), 'deploy/embedded/jars.mjs')).href;
  const { kafkaJars } = (await import(file)) as typeof import('../../deploy/embedded/jars.mjs');
  return kafkaJars();
}
