/** What the embedded Kafka's settings hang on. */
export interface KafkaPlace {
  /** The services' listener, loopback only. */
  readonly port: number;
  /** What clients are told to connect to; another than `port` when a proxy stands in front. */
  readonly advertisedPort: number;
}

/**
 * The settings of one node that is broker and controller (docs/parts.md, Kafka).
 * @returns the lines of server.properties that stay the same from start to start
 */
export function brokerSettings(place: KafkaPlace): Readonly<Record<string, string>> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    // Reckoned from the folder that Kafka runs in. A path would be read as Latin-1, cut at commas and blanks, and its
    // backslashes eaten: a state folder may be named anything.
    'log.dirs': 'data',
    // Loopback only: whoever reaches this listener reads and writes every topic.
    'advertised.listeners': `INTERNAL://127.0.0.1:${place.advertisedPort}`,
    'listener.security.protocol.map': 'INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'auto.create.topics.enable': 'false',
    'num.partitions': '1',
    'default.replication.factor': '1',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    // A member that died is missed after its session: ours ask for 3 s (docs/parts.md).
    'group.min.session.timeout.ms': '1000',
    'group.initial.rebalance.delay.ms': '0',
    // A broker killed with -9 is let in again after its old session: 4 s instead of 12.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    'log.cleaner.threads': '1',
    'log.cleaner.dedupe.buffer.size': '4194304',
    'log.cleaner.io.buffer.size': '262144',
    'log.retention.check.interval.ms': '300000',
    'controlled.shutdown.enable': 'true',
  };
}

/**
 * @param controllerPort a port of the loopback that is free now (contract 1: chosen at each start)
 * @returns the text of server.properties
 */
export function serverProperties(place: KafkaPlace, controllerPort: number): string {
  const lines = {
    ...brokerSettings(place),
    listeners: `INTERNAL://127.0.0.1:${place.port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
