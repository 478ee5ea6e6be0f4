import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Caller, Callers } from '#libs/county';
import { fault } from '#libs/platform';
import { HTTP_PARTS, type HttpParts } from './http-parts.ts';
import type { HttpRequest } from './http-request.ts';
import { OPERATION, PERMISSIONS, rolesFor, type OperationName } from './permissions.ts';
import { PublicAddress } from './public-address.ts';
import { refuse } from './refusal.ts';
import { WrongTokens } from './wrong-tokens.ts';

/**
 * Who calls, and whether that caller may (permissions.ts). It stands in front of every handler and before anything of a
 * body is read. A handler that no line of the table is named for is refused to everyone.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #callers: Callers;
  readonly #reflector: Reflector;
  readonly #address: PublicAddress;
  readonly #wrongTokens: WrongTokens;

  constructor(
    @Inject(HTTP_PARTS) { callers }: HttpParts,
    @Inject(Reflector) reflector: Reflector,
    @Inject(PublicAddress) address: PublicAddress,
    @Inject(WrongTokens) wrongTokens: WrongTokens,
  ) {
    this.#callers = callers;
    this.#reflector = reflector;
    this.#address = address;
    this.#wrongTokens = wrongTokens;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const name = this.#reflector.get<OperationName | undefined>(OPERATION, context.getHandler());
    await this.admit(name, context.switchToHttp().getRequest<HttpRequest>());
    return true;
  }

  /**
   * Lets a request in, and notes on it who calls.
   * @param name of the line of `PERMISSIONS`
   * @throws RefusedRequest 401 without a caller, 403 for one that may not, 429 for too many wrong tokens
   */
  async admit(name: OperationName | undefined, request: HttpRequest): Promise<void> {
    if (name === undefined) refuse(fault('forbidden'));
    if (PERMISSIONS[name] === 'machine' && this.#address.isThisMachine(request)) return;
    const roles = rolesFor(name);
    if (roles === undefined) return;
    const caller = await this.#caller(request);
    if (!caller.roles.some((role) => roles.includes(role))) refuse(fault('forbidden'));
    request.caller = caller;
  }

  async #caller(request: HttpRequest): Promise<Caller> {
    const { authorization } = request.headers;
    const caller = this.#callers.byAuthorization(authorization);
    if (caller !== undefined) return caller;
    if (authorization !== undefined) await this.#wrongTokens.met(this.#address.clientOf(request));
    return refuse(fault('unauthenticated'));
  }
}
