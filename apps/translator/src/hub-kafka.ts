import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectKafka, type KafkaPort } from '#libs/messaging';
import { ConfigurationError, readStrictJson, isFault, type Configuration, type Log } from '#libs/platform';

type Settings = Pick<Configuration, 'kafka' | 'stateDir'>;
type Login = NonNullable<Configuration['kafka']['login']>;

/**
 * The Kafka of a hub that runs, for a command that an operator gives beside it: by the login of the settings, else, where no
 * brokers are named, by the one that the embedded hub has for itself and keeps with its state (`BRYGGAN_DATA`).
 * @throws ConfigurationError when that file holds no login
 */
export function connectToHub(settings: Settings, clientId: string, log: Log): KafkaPort {
  const { brokers, tls } = settings.kafka;
  const login = loginOf(settings);
  return connectKafka({
    ...{ brokers: [...brokers], clientId, log, ssl: tls },
    ...(login && { sasl: { mechanism: 'scram-sha-512', ...login } }),
  });
}

/** The embedded Kafka's passwords of our own services (`deploy/embedded/kafka-logins.ts`). */
const LOGINS_FILE = 'kafka-users.json';

/** The login that a command uses; none where neither the settings nor the state have one. @throws ConfigurationError */
export function loginOf({ kafka: { login, stated }, stateDir }: Settings): Login | undefined {
  const file = join(stateDir, LOGINS_FILE);
  if (login !== undefined || stated || !existsSync(file)) return login;
  const kept = readStrictJson(readFileSync(file), { depth: 4 });
  const { hub } = isFault(kept) ? {} : (kept.value as { hub?: Partial<Login> });
  if (typeof hub?.username !== 'string' || typeof hub.password !== 'string') {
    throw new ConfigurationError([`${file}: innehåller ingen inloggning för hubben | holds no login of the hub`]);
  }
  return { username: hub.username, password: hub.password };
}
