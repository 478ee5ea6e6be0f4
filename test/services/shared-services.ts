import { kafkaJars } from '../../deploy/embedded/jars.mjs';
import { startKafka } from '../../deploy/embedded/kafka.ts';
import type { EmbeddedPart } from '../../deploy/embedded/part.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { startPostgres } from '../../deploy/embedded/postgres.ts';
import { signalProcess } from '../../deploy/embedded/process-identity.ts';
import { removeState, sweepAbandoned } from './abandoned.ts';
import { startContainers } from './container-services.ts';
import { spareState } from './spare.ts';

/** Where the services of a run are, for the workers: jest hands them the environment and nothing else. */
const POSTGRES_VARIABLE = 'BRYGGAN_TEST_PG_URL';
const KAFKA_VARIABLE = 'BRYGGAN_TEST_KAFKA';
const KIND_VARIABLE = 'BRYGGAN_TEST_SERVICES';

/** PostgreSQL and Kafka of a run. */
export interface HeldServices {
  readonly kind: string;
  readonly postgresUrl: string;
  readonly brokers: string;
  stop(): Promise<void>;
  /** At once and without waiting, when the run itself is being ended. */
  abandon(): void;
}

const quiet = (): void => undefined;
let held: Promise<HeldServices> | undefined;

/**
 * Starts the services once for the whole run, however many rings ask, unless the environment names some.
 * Sets the variables that `services.ts` reads.
 */
export async function holdServices(): Promise<void> {
  if (process.env[POSTGRES_VARIABLE] !== undefined && process.env[KAFKA_VARIABLE] !== undefined && held === undefined) {
    say('those that the environment names');
    return;
  }
  held ??= start();
  const services = await held;
  process.env[POSTGRES_VARIABLE] = services.postgresUrl;
  process.env[KAFKA_VARIABLE] = services.brokers;
}

/** Stops what `holdServices` started; a second call does nothing. */
export async function releaseServices(): Promise<void> {
  const services = held;
  held = undefined;
  await (await services)?.stop();
}

async function start(): Promise<HeldServices> {
  const services = await startWanted();
  process.once('exit', () => {
    if (held !== undefined) services.abandon();
  });
  // Without a listener a signal ends the run without its `exit`, and the services would live on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  say(services.kind);
  return services;
}

async function startWanted(): Promise<HeldServices> {
  if (process.env[KIND_VARIABLE] === 'testcontainers') {
    const containers = await startContainers();
    if (typeof containers !== 'string') return containers;
    say(`no containers (${containers}), so the embedded ones`);
  }
  return startEmbedded();
}

const say = (kind: string): void => void process.stderr.write(`Services of the tests: ${kind}\n`);

async function startEmbedded(): Promise<HeldServices> {
  await sweepAbandoned();
  const stateDir = spareState();
  const jarsDir = await kafkaJars();
  const [postgres, kafka] = await Promise.all([
    startPostgres({ stateDir, port: await freePort(), log: quiet }),
    startKafka({ stateDir, port: await freePort(), log: quiet, jarsDir, fast: true }),
  ]);
  return {
    kind: `embedded PostgreSQL on port ${postgres.port} and Kafka on port ${kafka.port}`,
    postgresUrl: postgres.url,
    brokers: kafka.brokers.join(','),
    stop: () => stopAll([postgres, kafka], stateDir),
    abandon: () => [postgres, kafka].forEach((part) => signalProcess(part.process, 'SIGKILL')),
  };
}

async function stopAll(parts: readonly EmbeddedPart[], stateDir: string): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
  await removeState(stateDir);
}
