import { CurrentCounty } from '#libs/county';
import {
  createLog,
  Health,
  IdMaker,
  Metrics,
  openClock,
  readIdSecret,
  type Clock,
  type Configuration,
  type DrivenClock,
  type Log as PlatformLog,
} from '#libs/platform';
import {
  assertDurable,
  connectKafka,
  ensureTopics,
  topicDefinitions,
  topicNames,
  type KafkaPort,
  type TopicNames,
} from '#libs/messaging';

/** What every app is built of; each takes what it needs by name. */
export interface AppParts {
  readonly configuration: Configuration;
  readonly log: PlatformLog;
  readonly clock: Clock | DrivenClock;
  readonly county: CurrentCounty;
  readonly ids: IdMaker;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly kafka: KafkaPort;
  readonly topics: TopicNames;
}

/** Builds the parts from one configuration. Opens no connection yet. @throws CountyError, or when the secret is damaged */
export function buildAppParts(configuration: Configuration, name: string): AppParts {
  const log = createLog({ ...configuration.log, name });
  return {
    configuration,
    log,
    clock: openClock(configuration),
    county: new CurrentCounty(configuration.countyDir),
    ids: new IdMaker(readIdSecret(configuration)),
    health: new Health(),
    metrics: new Metrics({ ofProcess: true }),
    kafka: connectKafkaOf(configuration, name, log),
    topics: topicNames(configuration.kafka.topicPrefix),
  };
}

/** The port to the Kafka that is configured. Opens no connection yet. */
export function connectKafkaOf({ kafka }: Pick<Configuration, 'kafka'>, name: string, log: PlatformLog): KafkaPort {
  return connectKafka({
    brokers: [...kafka.brokers],
    clientId: `bryggan-${name}`,
    log,
    ssl: kafka.tls,
    ...(kafka.login && { sasl: { mechanism: 'scram-sha-512', ...kafka.login } }),
  });
}

/**
 * Makes the topics that are missing; in production refuses topics on which an acknowledged message could be lost
 * (architecture 2.1). Rejects with a MessagingError that names the topic.
 */
export async function prepareTopics({ configuration, county, kafka, topics }: AppParts): Promise<void> {
  // The organisation of an agreement owns its wards' deviations (contract 1), whether or not it is a recipient too.
  const organisations = county.agreements().map(({ organisation }) => organisation);
  const definitions = topicDefinitions(topics, {
    parties: [...new Set([...county.partyIds(), ...organisations])],
    senders: county.senderIds(),
    embedded: configuration.embedded,
    replicationFactor: configuration.kafka.replication.factor,
    minInsyncReplicas: configuration.kafka.replication.minInsync,
    maxMessageBytes: configuration.kafka.maxMessageBytes,
    inboundRetentionDays: configuration.retention.inboundDays,
  });
  await ensureTopics(kafka, definitions);
  if (configuration.environment === 'production') {
    await assertDurable(
      kafka,
      definitions.map((definition) => definition.name),
    );
  }
}
