import { isAbsolute, join } from 'node:path';
import { StartProblem } from './start-problem.ts';

/** What the embedded start needs to know (contract 1); everything else is read by the hub itself. */
export interface EmbeddedSettings {
  readonly stateDir: string;
  /** Where Kafka's jars lie; the launcher has resolved them. */
  readonly jarsDir: string;
  readonly httpPort: number;
  readonly mllpPort: number;
  readonly kafkaPort: number;
  readonly postgresPort: number;
  /** An operator's own: then no Kafka is started here. */
  readonly kafkaBrokers: string[] | undefined;
  /** An operator's own: then no PostgreSQL is started here. */
  readonly databaseUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PORTS = {
  httpPort: { setting: 'BRYGGAN_HTTP_PORT', usual: 8080 },
  mllpPort: { setting: 'BRYGGAN_MLLP_PORT', usual: 2575 },
  kafkaPort: { setting: 'BRYGGAN_KAFKA_PORT', usual: 9092 },
  postgresPort: { setting: 'BRYGGAN_PG_PORT', usual: 5433 },
} as const;

/** A variable set to nothing is one not set. */
const given = (environment: Environment, name: string): string | undefined => environment[name]?.trim() || undefined;

/**
 * @param environment of the process
 * @param root the folder of the repository, from which a relative BRYGGAN_DATA is reckoned
 * @param jarsDir see `EmbeddedSettings`
 * @throws StartProblem that names the setting that is wrong
 */
export function embeddedSettings(environment: Environment, root: string, jarsDir: string): EmbeddedSettings {
  const data = given(environment, 'BRYGGAN_DATA') ?? '.bryggan';
  const port = ({ setting, usual }: { setting: string; usual: number }): number => {
    const text = given(environment, setting) ?? `${usual}`;
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= 65_535) return number;
    throw new StartProblem(`${setting}=${text} is no port`, 'set it to a number from 1 to 65535');
  };
  const settings = {
    jarsDir,
    stateDir: isAbsolute(data) ? data : join(root, data),
    httpPort: port(PORTS.httpPort),
    mllpPort: port(PORTS.mllpPort),
    kafkaPort: port(PORTS.kafkaPort),
    postgresPort: port(PORTS.postgresPort),
    kafkaBrokers: given(environment, 'BRYGGAN_KAFKA_BROKERS')
      ?.split(',')
      .map((broker) => broker.trim()),
    databaseUrl: given(environment, 'BRYGGAN_DATABASE_URL'),
  };
  refuseSharedPorts(settings);
  return settings;
}

function refuseSharedPorts(settings: EmbeddedSettings): void {
  const users = new Map<number, string>();
  for (const [name, { setting }] of Object.entries(PORTS)) {
    const isOurs = name !== 'kafkaPort' || settings.kafkaBrokers === undefined;
    if (!isOurs || (name === 'postgresPort' && settings.databaseUrl !== undefined)) continue;
    const port = settings[name as keyof typeof PORTS];
    const other = users.get(port);
    if (other !== undefined)
      throw new StartProblem(`${other} and ${setting} are both ${port}`, 'give each a port of its own');
    users.set(port, setting);
  }
}
