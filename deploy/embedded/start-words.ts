import { relative } from 'node:path';
import type { Configuration } from '#libs/platform';
import type { HubParts, RunningHub } from './hub-start.ts';
import { APP_LOGINS } from './kafka-grants.ts';

/** What the hub says of its own addresses. */
type Addresses = RunningHub['addresses'];

/**
 * @returns the last line of a start (contract 1), with the addresses as they were listened on
 */
export function readyLine(addresses: Addresses, parts: HubParts, configuration: Configuration): string {
  const database = new URL(parts.databaseUrl);
  const inside = relative(process.cwd(), parts.stateDir);
  const words = {
    http: httpAddress(addresses.http, configuration.http.host),
    mllp: addresses.mllp,
    kafka: parts.brokers.join(','),
    ...(configuration.kafka.stated ? {} : { parties: `127.0.0.1:${configuration.kafka.partyPort}` }),
    postgres: `${database.hostname}:${database.port || '5432'}`,
    state: inside.startsWith('..') ? parts.stateDir : inside,
  };
  const line = Object.entries(words).map(([name, address]) => `${name}=${address}`);
  return `Bryggan is ready  ${line.join(' ')}`;
}

/** A server that listens on all addresses gives itself out for the loopback: the line would hide that it is open to all. */
function httpAddress(address: string, host: string): string {
  return isLoopback(host) ? address : address.replace(/\/\/.*:/, `//${host.includes(':') ? `[${host}]` : host}:`);
}

/** @returns a line for each door that other machines reach, in plain text as both are */
export function opennessWarnings({ http, mllp }: Configuration): string[] {
  const doors = [
    { name: 'HTTP', host: http.host, what: 'tokens and what is told travel' },
    { name: 'MLLP', host: mllp.host, what: 'what wards send travels' },
  ];
  return doors
    .filter(({ host }) => !isLoopback(host))
    .map(
      ({ name, host, what }) =>
        `Warning: ${name} listens on ${host}: other machines reach it, and ${what} in plain text unless TLS ends in front of it`,
    );
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

/** A word as a POSIX shell takes it literally. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const loginLine =
  (logins: ReadonlyMap<string, string>) =>
  (app: string): string =>
    `export BRYGGAN_KAFKA_USERNAME=${app} BRYGGAN_KAFKA_PASSWORD=${quoted(logins.get(app) ?? '')}`;

/**
 * @param logins passwords of Kafka by name; none where an operator has his own
 * @returns the lines of a start without the hub: the settings with which the single apps run beside it. A shell keeps what
 * it exports in the environment of its processes, which their owner alone can read, as he alone reads the files they are from
 */
export function partsLines(parts: HubParts, isUsualState: boolean, logins?: ReadonlyMap<string, string>): string[] {
  const settings = {
    ...(isUsualState ? {} : { BRYGGAN_DATA: parts.stateDir }),
    BRYGGAN_DATABASE_URL: parts.databaseUrl,
    BRYGGAN_KAFKA_BROKERS: parts.brokers.join(','),
  };
  return [
    'PostgreSQL and Kafka are ready. In each terminal that runs an app (npm run start:ingress, start:translator,',
    'start:router, start:dispatcher, start:watcher, start:portal), first:',
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(logins === undefined ? [] : ["and the app's own login at Kafka:", ...APP_LOGINS.map(loginLine(logins))]),
  ];
}
