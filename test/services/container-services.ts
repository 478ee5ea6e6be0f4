import { GenericContainer, getContainerRuntimeClient, Wait, type StartedTestContainer } from 'testcontainers';
import { freePort } from '../../deploy/embedded/port.ts';
import type { HeldServices } from './shared-services.ts';

const POSTGRES_IMAGE = 'postgres:18';
const KAFKA_IMAGE = 'apache/kafka:4.1.0';
const PASSWORD = 'test';

/**
 * PostgreSQL and Kafka in containers, where an engine answers and has the images.
 * @returns the services, or in words why there are none
 */
export async function startContainers(): Promise<HeldServices | string> {
  const started: StartedTestContainer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((container) => container.stop()));
  };
  try {
    await getContainerRuntimeClient();
    const postgres = await postgresContainer().start();
    started.push(postgres);
    const kafkaPort = await freePort();
    started.push(await kafkaContainer(kafkaPort).start());
    return {
      kind: `containers ${POSTGRES_IMAGE} and ${KAFKA_IMAGE}`,
      postgresUrl: `postgres://bryggan:${PASSWORD}@${postgres.getHost()}:${postgres.getMappedPort(5432)}/bryggan`,
      brokers: `127.0.0.1:${kafkaPort}`,
      stop,
      abandon: () => undefined, // testcontainers' own reaper ends them
    };
  } catch (error) {
    await stop().catch(() => undefined);
    return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
  }
}

function postgresContainer(): GenericContainer {
  return new GenericContainer(POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_USER: 'bryggan', POSTGRES_PASSWORD: PASSWORD, POSTGRES_DB: 'bryggan' })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2));
}

/** The broker tells its clients where it is, so its port outside must be known before it starts. */
function kafkaContainer(port: number): GenericContainer {
  return new GenericContainer(KAFKA_IMAGE)
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: `OUTSIDE://:${port},CONTROLLER://:9093`,
      KAFKA_ADVERTISED_LISTENERS: `OUTSIDE://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'OUTSIDE',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));
}
