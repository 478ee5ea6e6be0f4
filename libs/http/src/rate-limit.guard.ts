import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { fault } from '#libs/platform';
import { HTTP_PARTS, type HttpParts } from './http-parts.ts';
import type { HttpRequest } from './http-request.ts';
import { OPERATION } from './permissions.ts';
import { PublicAddress } from './public-address.ts';
import { refuse } from './refusal.ts';

const WINDOW_MILLIS = 1000;

/**
 * So many requests of a caller within a second, whatever it asks for; of an address, where no token is asked for. It stands
 * behind the guard that tells who calls. `/health` is never refused: a probe that is would have the hub killed for its callers.
 *
 * Not `@nestjs/throttler`: it is CommonJS that requires Nest's ES modules, which jest cannot load, and it keeps a list of
 * times per caller where a count per second does.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  readonly #most: number;
  readonly #reflector: Reflector;
  readonly #address: PublicAddress;
  /** Requests in the window that is now; forgotten whole when the next begins, so that it holds no more than a second's. */
  readonly #counts = new Map<string, number>();
  #window = 0;

  constructor(
    @Inject(HTTP_PARTS) { settings }: HttpParts,
    @Inject(Reflector) reflector: Reflector,
    @Inject(PublicAddress) address: PublicAddress,
  ) {
    this.#most = settings.requestsPerSecond;
    this.#reflector = reflector;
    this.#address = address;
  }

  /** @throws RefusedRequest (429, with Retry-After) beyond the limit */
  canActivate(context: ExecutionContext): boolean {
    if (this.#reflector.get<unknown>(OPERATION, context.getHandler()) === 'health') return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const { caller } = request;
    const key = caller === undefined ? `address ${this.#address.clientOf(request)}` : `caller ${caller.name}`;
    return this.#count(key) <= this.#most || refuse(fault('too-many-requests'));
  }

  #count(key: string): number {
    const window = Math.floor(performance.now() / WINDOW_MILLIS);
    if (window !== this.#window) this.#counts.clear();
    this.#window = window;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }
}
