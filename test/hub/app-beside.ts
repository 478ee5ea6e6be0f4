import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../deploy/embedded/port.ts';
import { SOURCES, STARTS_WITHIN_MILLIS } from './hub-child.ts';
import { until } from './until.ts';

/** An app of its own beside a hub, in the same group: `npm run start:<app>` on the hub's Kafka, PostgreSQL and state. */
export interface AppBeside {
  signal(name: NodeJS.Signals): void;
  /** Ends it, stopped or not. */
  end(): Promise<void>;
}

/**
 * Starts an app beside a hub; ready when it resolves.
 * @param settings those of the hub, with the addresses of its Kafka and PostgreSQL
 */
export async function startBeside(
  app: 'router' | 'watcher',
  settings: Readonly<Record<string, string>>,
): Promise<AppBeside> {
  const port = await freePort();
  const main = join(import.meta.dirname, `../../apps/${app}/src/main.ts`);
  const child = spawn(process.execPath, [...SOURCES, main], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      KAFKAJS_NO_PARTITIONER_WARNING: '1',
      ...settings,
      BRYGGAN_HTTP_PORT: `${port}`,
      BRYGGAN_REPLICA: 'beside',
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(
    `the ${app} is ready`,
    async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok,
    STARTS_WITHIN_MILLIS,
  );
  return {
    signal: (name) => void child.kill(name),
    end: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
