import type { Configuration } from '#libs/platform';
import { StartProblem } from './start-problem.ts';

/** What the embedded start needs to know (contract 1), taken from the one configuration; the rest is the hub's. */
export interface EmbeddedSettings {
  readonly stateDir: string;
  /** Where Kafka's jars lie; the launcher has resolved them. */
  readonly jarsDir: string;
  readonly httpPort: number;
  readonly mllpPort: number;
  readonly kafkaPort: number;
  readonly kafkaPartyPort: number;
  readonly postgresPort: number;
  /** An operator's own: then no Kafka is started here. */
  readonly kafkaBrokers: string[] | undefined;
  /** An operator's own: then no PostgreSQL is started here. */
  readonly databaseUrl: string | undefined;
}

const PORTS = {
  httpPort: 'BRYGGAN_HTTP_PORT',
  mllpPort: 'BRYGGAN_MLLP_PORT',
  kafkaPort: 'BRYGGAN_KAFKA_PORT',
  kafkaPartyPort: 'BRYGGAN_KAFKA_PARTY_PORT',
  postgresPort: 'BRYGGAN_PG_PORT',
} as const;

/**
 * @param configuration of the embedded hub
 * @param jarsDir see `EmbeddedSettings`
 * @throws StartProblem that names two settings that share a port
 */
export function embeddedSettings(configuration: Configuration, jarsDir: string): EmbeddedSettings {
  const { stateDir, http, mllp, kafka, database } = configuration;
  const settings = {
    jarsDir,
    stateDir,
    httpPort: http.port,
    mllpPort: mllp.port,
    kafkaPort: kafka.port,
    kafkaPartyPort: kafka.partyPort,
    postgresPort: database.port,
    kafkaBrokers: kafka.stated ? [...kafka.brokers] : undefined,
    databaseUrl: database.stated ? database.url : undefined,
  };
  refuseSharedPorts(settings);
  return settings;
}

function refuseSharedPorts(settings: EmbeddedSettings): void {
  const users = new Map<number, string>();
  for (const [name, setting] of Object.entries(PORTS)) {
    if (name.startsWith('kafka') && settings.kafkaBrokers !== undefined) continue;
    if (name === 'postgresPort' && settings.databaseUrl !== undefined) continue;
    const port = settings[name as keyof typeof PORTS];
    const other = users.get(port);
    if (other !== undefined)
      throw new StartProblem(`${other} and ${setting} are both ${port}`, 'give each a port of its own');
    // Port 0 is any port that is free, another one for each.
    if (port !== 0) users.set(port, setting);
  }
}
