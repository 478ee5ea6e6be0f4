import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { HTTP_PARTS, RefusedRequest, type HttpParts } from '#libs/http';
import { isDatabaseTrouble } from '#libs/persistence';
import { entryOf, errorFields, fault, type Fault } from '#libs/platform';
import { Page, sendPage } from './layout/page.tsx';
import { SignInFirst } from './page-guard.ts';
import { ownAddress, sendOn, type PageRequest } from './page-request.ts';

/** What ends a page becomes a page that says what to do, or the way to the sign-in. */
@Catch()
export class PageFilter implements ExceptionFilter {
  readonly #parts: HttpParts;

  constructor(@Inject(HTTP_PARTS) parts: HttpParts) {
    this.#parts = parts;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<ServerResponse>();
    const request = http.getRequest<PageRequest>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (exception instanceof SignInFirst) {
      const back = request.method === 'GET' ? ownAddress(request.originalUrl) : '/';
      sendOn(response, `${exception.address}?till=${encodeURIComponent(back)}`);
      return;
    }
    const { http: status, text, remedy } = entryOf(this.#fault(exception));
    sendPage(
      response,
      <Page title={text}>
        <h1>{text}</h1>
        <p>{remedy}</p>
        <p>
          <a href="/">Till första sidan</a>
        </p>
      </Page>,
      status,
    );
  }

  #fault(exception: unknown): Fault {
    if (exception instanceof RefusedRequest) return exception.fault;
    if (exception instanceof HttpException && exception.getStatus() < 500) return fault('not-found');
    this.#parts.log.error('http.request-failed', errorFields(exception));
    return fault(isDatabaseTrouble(exception) ? 'not-ready' : 'internal');
  }
}
