import { Inject, Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import type { TLSSocket } from 'node:tls';
import { isLoopback, type HttpSettings } from '#libs/platform';
import { forwardedIn, type Forwarded } from './forwarded.ts';
import { HTTP_PARTS, type HttpParts } from './http-parts.ts';
import type { HttpRequest } from './http-request.ts';

const HOST = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$|^\[[0-9a-fA-F:]{2,45}\](:\d{1,5})?$/;

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Where callers reach this hub, and from where they call. In this order: BRYGGAN_PUBLIC_URL; `Forwarded` (RFC 7239) as far as
 * the proxies of BRYGGAN_TRUSTED_PROXIES wrote it; the request's own Host and connection. What a stranger says in
 * `Forwarded`, and what anyone says in `X-Forwarded-*`, is nobody's word.
 */
@Injectable()
export class PublicAddress {
  readonly #settings: HttpSettings;
  readonly #networks: readonly [Address, number][];

  constructor(@Inject(HTTP_PARTS) { settings }: Pick<HttpParts, 'settings'>) {
    this.#settings = settings;
    this.#networks = settings.trustedProxies.map(networkOf);
  }

  /** The hub's address for the links of an answer, without a slash at the end. */
  baseOf(request: HttpRequest): string {
    if (this.#settings.publicUrl !== undefined) return this.#settings.publicUrl;
    const { headers, socket } = request;
    const steps = this.#trusted(request);
    const host = steps.findLast(({ host }) => host !== undefined && HOST.test(host))?.host ?? headers.host ?? '';
    const own = (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
    const proto = steps.findLast(({ proto }) => proto === 'http' || proto === 'https')?.proto ?? own;
    const fallback = `${socket.localAddress ?? '127.0.0.1'}:${socket.localPort ?? 80}`;
    return `${proto}://${HOST.test(host) ? host : fallback}`;
  }

  /** True for a proxy of ours. @param address as a socket tells it */
  isProxy(address: string): boolean {
    return this.#isTrusted(address);
  }

  /** The address that a request comes from: the last one that no proxy of ours stands for. */
  clientOf(request: HttpRequest): string {
    return this.#trusted(request).at(-1)?.for ?? request.socket.remoteAddress ?? '';
  }

  /** True for a request from this machine that no proxy has passed on. */
  isThisMachine({ headers, socket }: HttpRequest): boolean {
    const passedOn = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
    return !passedOn && isLoopback(socket.remoteAddress ?? '');
  }

  /** What trusted proxies said, ours first: each step counts while the one who wrote it is trusted. */
  #trusted({ headers, socket }: HttpRequest): Forwarded[] {
    if (this.#networks.length === 0) return [];
    const steps: Forwarded[] = [];
    let writer = socket.remoteAddress;
    for (const step of forwardedIn(headers.forwarded).reverse()) {
      if (writer === undefined || !this.#isTrusted(writer)) break;
      steps.push(step);
      writer = step.for;
    }
    return steps;
  }

  #isTrusted(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    // An IPv4 address on a socket of both families reads ::ffff:10.0.0.1.
    const address = ipaddr.process(text);
    return this.#networks.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits));
  }
}

function networkOf(text: string): [Address, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
