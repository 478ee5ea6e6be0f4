import ipaddr from 'ipaddr.js';
import { HOST, HOST_RULE, LOOPBACK, PORT_MAX, type SettingsReader } from './settings-reader.ts';

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** Where callers reach this hub, without a slash at the end; links carry it. Absent: what each request tells. */
  readonly publicUrl?: string;
  /** Where the resources of all apps are reached, without a slash at the end. Absent: at this app's own door, as in the hub. */
  readonly resourcesUrl?: string;
  /** Addresses and networks (CIDR) of proxies whose `Forwarded` counts. */
  readonly trustedProxies: readonly string[];
  /** Requests of one caller within a second; further ones are refused with 429. */
  readonly requestsPerSecond: number;
}

/** The portal has the hub's own port: it is what callers know. The others have only their health, metrics and operations there. */
const PORTS: ReadonlyMap<string, number> = new Map([
  ['ingress', 8081],
  ['translator', 8082],
  ['router', 8083],
  ['dispatcher', 8084],
  ['watcher', 8085],
]);
const HUB_PORT = 8080;

/** What a start knows better than the environment. */
export interface HttpOverrides {
  /** The app that runs alone; the hub when left out. */
  readonly app?: string;
  readonly httpPort?: number;
}

/**
 * The HTTP door. Tokens would cross a network in plain text where the door is not the
 * loopback, so that has to be said aloud: TLS then ends in front of the hub, or the network is one's own.
 */
export function readHttp(reader: SettingsReader, { app = '', httpPort }: HttpOverrides): HttpSettings {
  const host = reader.text('BRYGGAN_HTTP_HOST', HOST, HOST_RULE) ?? LOOPBACK;
  const stated = reader.integer('BRYGGAN_HTTP_PORT', PORTS.get(app) ?? HUB_PORT, 0, PORT_MAX);
  const plain = reader.choice('BRYGGAN_HTTP_PLAIN', ['allowed'], undefined);
  if (!isLoopback(host) && plain === undefined) reader.problem('BRYGGAN_HTTP_HOST', HTTP_PLAIN_RULE);
  const publicUrl = reader.value('BRYGGAN_PUBLIC_URL', PUBLIC_URL_RULE, publicUrlIn, undefined);
  const resourcesUrl = reader.value('BRYGGAN_RESOURCES_URL', PUBLIC_URL_RULE, publicUrlIn, undefined);
  return {
    host,
    port: httpPort ?? stated,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(resourcesUrl === undefined ? {} : { resourcesUrl }),
    trustedProxies: reader.value('BRYGGAN_TRUSTED_PROXIES', PROXIES_RULE, proxiesIn, []),
    requestsPerSecond: reader.integer('BRYGGAN_HTTP_REQUESTS_PER_SECOND', 500, 1, 100_000),
  };
}

/** True for a host name or address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
}

const HTTP_PLAIN_RULE = {
  sv: 'nycklar skulle gå i klartext: låt TLS sluta framför hubben och sätt BRYGGAN_HTTP_PLAIN=allowed, eller lyssna på 127.0.0.1',
  en: 'tokens would travel in plain text: have TLS end in front of the hub and set BRYGGAN_HTTP_PLAIN=allowed, or listen on 127.0.0.1',
};
const PUBLIC_URL_RULE = {
  sv: 'ska vara en adress som https://bryggan.region.example, utan användare, fråga eller fragment',
  en: 'must be an address such as https://bryggan.region.example, without user, query or fragment',
};
const PROXIES_RULE = {
  sv: 'ska vara IP-adresser eller nät (10.0.0.0/8, ::1), åtskilda med komma',
  en: 'must be IP addresses or networks (10.0.0.0/8, ::1), separated by commas',
};

/** `/fhir` at the end is ours: who states the address of the API means the same hub. */
function publicUrlIn(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname, username, password, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol) || `${username}${password}${search}${hash}` !== '') return undefined;
  return `${origin}${pathname.replace(/\/+$/, '').replace(/\/fhir$/, '')}`;
}

function proxiesIn(text: string): string[] | undefined {
  const all = text.split(',').map((one) => one.trim());
  return all.every((one) => ipaddr.isValidCIDR(one) || isWholeAddress(one)) ? all : undefined;
}

/** `10.1` is an address too, by old custom: nobody who writes it means 10.0.0.1. */
const isWholeAddress = (text: string) => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);

/** Files in PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Mutual TLS: who issues the senders' certificates. Without it any peer may connect, as it may in the clear. */
  readonly clientCa?: string;
}

export interface MllpSettings {
  readonly host: string;
  /** Of the door in the clear. */
  readonly port: number;
  /** False where there is TLS, and nothing says that both are wanted. */
  readonly isPlainOpen: boolean;
  readonly tls?: TlsFiles & { readonly port: number };
  readonly maxFrameBytes: number;
  /**
   * A connection that is silent for so long is closed; 0 = it stays open, since a sender may have nothing to say all night.
   * An agreement may say otherwise for its sender (`idleSeconds`). This and the times below are the machine's (contract 3).
   */
  readonly idleMillis: number;
  /** How long nothing has to follow an FS without CR for it to end its frame. */
  readonly endWaitMillis: number;
  /** A sender that leaves its answers unread for so long is closed. */
  readonly drainMillis: number;
  /** Messages of one connection not yet answered; then it is not read. */
  readonly maxInFlight: number;
  readonly maxConnections: number;
  /** Of one peer's address; a network's way in that stands for many peers needs more. */
  readonly maxConnectionsPerAddress: number;
  /** Of the unfinished frames of all connections together. */
  readonly maxGatheredBytes: number;
}

/** Room in a record batch beside the message itself: headers, key, framing. */
const ENVELOPE_BYTES = 16_384;
const MEBIBYTE = 1_048_576;

/**
 * The door of the senders; `port` when the start knows it better. A frame that Kafka would refuse must be refused at the
 * door: else its sender would be answered AE, and send it again, for ever.
 */
export function readMllp(reader: SettingsReader, maxMessageBytes: number, port: number | undefined): MllpSettings {
  const stated = reader.integer('BRYGGAN_MLLP_PORT', 2575, 0, PORT_MAX);
  const host = reader.text('BRYGGAN_MLLP_HOST', HOST, HOST_RULE) ?? LOOPBACK;
  const tls = readTls(reader);
  const isPlainAllowed = reader.choice('BRYGGAN_MLLP_PLAIN', ['allowed'], undefined) !== undefined;
  if (tls === undefined && !isPlainAllowed && !isLoopback(host)) reader.problem('BRYGGAN_MLLP_HOST', MLLP_PLAIN_RULE);
  const maxFrameBytes = readMaxFrame(reader, maxMessageBytes - ENVELOPE_BYTES);
  return {
    host,
    port: port ?? stated,
    isPlainOpen: tls === undefined || isPlainAllowed,
    ...(tls && { tls }),
    maxFrameBytes,
    idleMillis: reader.seconds('BRYGGAN_MLLP_IDLE_SECONDS', 0, 0, 86_400),
    endWaitMillis: reader.integer('BRYGGAN_MLLP_END_WAIT_MILLIS', 300, 10, 60_000),
    drainMillis: reader.seconds('BRYGGAN_MLLP_DRAIN_SECONDS', 30, 1, 3600),
    maxInFlight: reader.integer('BRYGGAN_MLLP_MAX_IN_FLIGHT', 64, 1, 10_000),
    maxConnections: reader.integer('BRYGGAN_MLLP_MAX_CONNECTIONS', 1000, 1, 100_000),
    maxConnectionsPerAddress: reader.integer('BRYGGAN_MLLP_MAX_CONNECTIONS_PER_ADDRESS', 250, 1, 100_000),
    maxGatheredBytes: readMaxGathered(reader, maxFrameBytes),
  };
}

const MLLP_PLAIN_RULE = {
  sv: 'meddelanden skulle gå i klartext: ange BRYGGAN_MLLP_TLS_CERTIFICATE och BRYGGAN_MLLP_TLS_KEY, sätt BRYGGAN_MLLP_PLAIN=allowed, eller lyssna på 127.0.0.1',
  en: 'messages would travel in plain text: state BRYGGAN_MLLP_TLS_CERTIFICATE and BRYGGAN_MLLP_TLS_KEY, set BRYGGAN_MLLP_PLAIN=allowed, or listen on 127.0.0.1',
};
const BOTH_RULE = {
  sv: 'BRYGGAN_MLLP_TLS_CERTIFICATE och BRYGGAN_MLLP_TLS_KEY anges båda eller ingen, och BRYGGAN_MLLP_TLS_CLIENT_CA bara med dem',
  en: 'BRYGGAN_MLLP_TLS_CERTIFICATE and BRYGGAN_MLLP_TLS_KEY are stated both or neither, and BRYGGAN_MLLP_TLS_CLIENT_CA only with them',
};

function readTls(reader: SettingsReader): MllpSettings['tls'] {
  const port = reader.integer('BRYGGAN_MLLP_TLS_PORT', 2576, 0, PORT_MAX);
  const certificate = reader.path('BRYGGAN_MLLP_TLS_CERTIFICATE');
  const key = reader.path('BRYGGAN_MLLP_TLS_KEY');
  const clientCa = reader.path('BRYGGAN_MLLP_TLS_CLIENT_CA');
  if (certificate !== undefined && key !== undefined) {
    return { port, certificate, key, ...(clientCa !== undefined && { clientCa }) };
  }
  const stated = [certificate, key, clientCa].some((file) => file !== undefined);
  if (stated) reader.problem('BRYGGAN_MLLP_TLS_CERTIFICATE', BOTH_RULE);
  return undefined;
}

function readMaxFrame(reader: SettingsReader, most: number): number {
  const otherwise = Math.min(MEBIBYTE - ENVELOPE_BYTES, most);
  const bytes = reader.integer('BRYGGAN_MLLP_MAX_FRAME_BYTES', otherwise, 1024, 64 * MEBIBYTE);
  if (bytes > most) {
    reader.problem('BRYGGAN_MLLP_MAX_FRAME_BYTES', {
      sv: `får vara högst ${most}; höj annars BRYGGAN_KAFKA_MAX_MESSAGE_BYTES och ämnenas gräns`,
      en: `may be at most ${most}; or raise BRYGGAN_KAFKA_MAX_MESSAGE_BYTES and the topics' limit`,
    });
  }
  return bytes;
}

/** A frame is gathered in a buffer that doubles, so the bound must hold at least one of twice the largest frame. */
function readMaxGathered(reader: SettingsReader, maxFrameBytes: number): number {
  const least = Math.ceil((2 * maxFrameBytes) / MEBIBYTE);
  return reader.integer('BRYGGAN_MLLP_MAX_GATHERED_MEBIBYTES', Math.max(64, least), least, 65_536) * MEBIBYTE;
}
