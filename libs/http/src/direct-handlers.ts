import type { ServerResponse } from 'node:http';
import type { Caller } from '#libs/county';
import type { AccessGuard } from './access.guard.ts';
import { callerOf, type HttpRequest } from './http-request.ts';
import { OPERATION, type OperationName } from './permissions.ts';

/** Answers a request whose caller may ask for it, or throws what it is refused with. */
export type DirectHandler = (request: HttpRequest, response: ServerResponse, caller: Caller) => Promise<void>;

type Answering = (request: HttpRequest, response: ServerResponse) => Promise<void>;

interface Direct {
  readonly operation: OperationName | undefined;
  readonly handler: DirectHandler;
}

/**
 * Handlers of controllers that machines ask so often that they are reached without Nest and the Express below it, which are a third
 * of what HTTP costs. The front asks here first, by method and address to the letter: a request with a query, or written otherwise,
 * takes the way through Nest to the same handler, and passes the same access.
 */
export class DirectHandlers {
  readonly #handlers = new Map<string, Direct>();
  readonly #access: Pick<AccessGuard, 'admit'>;

  constructor(access: Pick<AccessGuard, 'admit'>) {
    this.#access = access;
  }

  /**
   * @param address as the first line of a request has it, `POST /hl7v2`
   * @param of the controller and the name of its method, whose `@Operation` says who may ask
   */
  add(address: string, of: readonly [controller: object, method: string], handler: DirectHandler): void {
    const [controller, method] = of;
    const nest = (controller as Readonly<Record<string, object>>)[method] ?? {};
    const operation = Reflect.getMetadata(OPERATION, nest) as OperationName | undefined;
    this.#handlers.set(address, { operation, handler });
  }

  /** What answers a request directly, and rejects with what it is refused with; undefined when nothing does. */
  answerTo({ method = '', url = '' }: HttpRequest): Answering | undefined {
    const direct = this.#handlers.get(`${method} ${url}`);
    if (direct === undefined) return undefined;
    return async (request, response) => {
      await this.#access.admit(direct.operation, request);
      await direct.handler(request, response, callerOf(request));
    };
  }
}
