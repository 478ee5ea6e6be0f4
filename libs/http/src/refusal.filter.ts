import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { refusalOf } from '#libs/fhir';
import { isDatabaseTrouble } from '#libs/persistence';
import { errorFields, fault, type FaultName, type Log, type Metrics } from '#libs/platform';
import type { HttpRequest } from './http-request.ts';
import { HTTP_PARTS, type HttpParts } from './http-parts.ts';
import { RefusedRequest, sendRefusal } from './refusal.ts';

/** What Nest and express themselves refuse with: a path that nobody has, or that cannot be decoded and so names nothing. */
const NAMES: ReadonlyMap<number, FaultName> = new Map([
  [400, 'not-found'],
  [404, 'not-found'],
  [405, 'method-not-allowed'],
  [413, 'body-too-large'],
  [415, 'unsupported-media'],
  [429, 'too-many-requests'],
]);

/** Whatever ends a request, from the first middleware to the handler, becomes a coded refusal here. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  readonly #log: Log;
  readonly #metrics: Metrics;

  constructor(@Inject(HTTP_PARTS) { log, metrics }: HttpParts) {
    this.#log = log;
    this.#metrics = metrics;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(exception, http.getRequest<HttpRequest>(), http.getResponse<ServerResponse>());
  }

  /** Answers a request that something was thrown for. */
  answer(exception: unknown, request: HttpRequest, response: ServerResponse): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { fault: reason, headers } = refusedBy(exception, { log: this.#log });
    const help = 'Requests refused, by the code of the refusal';
    this.#metrics.counter('http_refusals_total', help, ['code']).inc({ code: reason.code });
    sendRefusal(response, refusalOf(reason, headers), request.method);
  }
}

/** What a request is refused with that something was thrown for. A failure of ours is told in the log. */
function refusedBy(exception: unknown, { log }: { readonly log: Log }): Pick<RefusedRequest, 'fault' | 'headers'> {
  if (exception instanceof RefusedRequest) return exception;
  const name = exception instanceof HttpException ? NAMES.get(exception.getStatus()) : undefined;
  if (name !== undefined) return { fault: fault(name), headers: {} };
  log.error('http.request-failed', errorFields(exception));
  return { fault: fault(isDatabaseTrouble(exception) ? 'not-ready' : 'internal'), headers: {} };
}
