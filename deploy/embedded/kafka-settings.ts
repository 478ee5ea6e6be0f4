/** What the embedded Kafka's settings hang on. */
export interface KafkaPlace {
  /** The services' listener, loopback only. */
  readonly port: number;
  /** What clients are told to connect to; another than `port` when a proxy stands in front. */
  readonly advertisedPort: number;
  /** The parties' listener, loopback only. With it everybody who comes needs a login; without it nobody does (tests). */
  readonly partyPort?: number;
}

/** The broker's own user, which may do everything. */
export const BROKER_LOGIN = 'broker';

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
    ...listenerSettings(place),
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
 * Who is let in where: the services and the parties by SCRAM, which tells a listener that only pretends to be Kafka nothing;
 * the broker to itself and to its controller by PLAIN, since it has to be there before any SCRAM user is.
 */
function listenerSettings({ advertisedPort, partyPort }: KafkaPlace): Readonly<Record<string, string>> {
  const internal = `INTERNAL://127.0.0.1:${advertisedPort}`;
  if (partyPort === undefined) {
    return {
      'advertised.listeners': internal,
      'listener.security.protocol.map': 'INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    };
  }
  return {
    'advertised.listeners': `${internal},PARTIES://127.0.0.1:${partyPort}`,
    'listener.security.protocol.map': 'INTERNAL:SASL_PLAINTEXT,PARTIES:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.internal.sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.internal.scram-sha-512.sasl.jaas.config': SCRAM_MODULE,
    'listener.name.parties.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.parties.scram-sha-512.sasl.jaas.config': SCRAM_MODULE,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'false',
    'super.users': `User:${BROKER_LOGIN}`,
  };
}

const SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

/** The broker's password, as it shows it and as it asks for it: the one secret in the settings. */
function brokerLogin(password: string): Readonly<Record<string, string>> {
  const module =
    'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
    `username="${BROKER_LOGIN}" password="${password}" user_${BROKER_LOGIN}="${password}";`;
  return {
    'listener.name.controller.plain.sasl.jaas.config': module,
    'listener.name.internal.plain.sasl.jaas.config': module,
  };
}

/**
 * @param controllerPort a port of the loopback that is free now (contract 1: chosen at each start)
 * @param brokerPassword of letters, digits, `-` and `_`; without it the broker asks nobody for a login
 * @returns the text of server.properties: a secret where there is a password
 */
export function serverProperties(place: KafkaPlace, controllerPort: number, brokerPassword?: string): string {
  const { port, partyPort } = place;
  const parties = partyPort === undefined ? '' : `,PARTIES://127.0.0.1:${partyPort}`;
  const lines = {
    ...brokerSettings(place),
    listeners: `INTERNAL://127.0.0.1:${port}${parties},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    ...(brokerPassword === undefined ? {} : brokerLogin(brokerPassword)),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
