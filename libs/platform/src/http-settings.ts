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
  if (!isLoopback(host) && plain === undefined) reader.problem('BRYGGAN_HTTP_HOST', PLAIN_RULE);
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

const PLAIN_RULE = {
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
