import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Callers } from '#libs/county';
import { refusalOf } from '#libs/fhir';
import { CountedLog, fault, type Metrics } from '#libs/platform';
import { AccessGuard } from './access.guard.ts';
import { Connections } from './connections.ts';
import { DirectHandlers } from './direct-handlers.ts';
import { HealthController } from './health.controller.ts';
import { HTTP_PARTS, type HttpParts } from './http-parts.ts';
import { roomFor, type HttpRequest } from './http-request.ts';
import { PublicAddress } from './public-address.ts';
import { protectingHeaders } from './protecting-headers.ts';
import { FHIR_JSON, RefusedRequest } from './refusal.ts';
import { RefusalFilter } from './refusal.filter.ts';
import { RequestRate } from './request-rate.ts';
import { BodyRoom } from './request-room.ts';
import { WrongTokens } from './wrong-tokens.ts';

/** C0, DEL and C1, written as such or encoded; PostgreSQL takes no NUL, and no code, id or name has any of them. */
const CONTROL = /\p{Cc}|%(?:[01][\da-f]|7f|c2%[89][\da-f])/iu;
/** A request that trickles in holds a connection: it has this long to come in whole. */
const REQUEST_MILLIS = 30_000;
/** And its headers this long. */
const HEADERS_MILLIS = 10_000;
const COUNTED_LINE_MILLIS = 60_000;
/** The one expectation that HTTP knows, and Node fulfils. */
const CONTINUE = '100-continue';

/**
 * The one HTTP front, the same for the hub and for every app of its own. A request passes, in this order:
 *
 *   rate        requests of one caller within a second (request-rate.ts)
 *   connection  one of not too many, of its address and of all; one request of it at a time (connections.ts)
 *   headers     helmet's, and `no-store` (protecting-headers.ts)
 *   characters  an address with a control character is refused
 *   access      who calls, and may it (access.guard.ts, permissions.ts)
 *   handler     which reads the body, if it has one and there is room for it (request-room.ts)
 *
 * all before Nest but for access and handler, to which most requests come by way of Nest and a few directly (direct-handlers.ts).
 * Whatever refuses it on the way is told by refusal.filter.ts. An application with this module is made with
 * `HTTP_APPLICATION`, so that nothing of Nest's own reads a body first.
 */
@Module({})
export class HttpModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #host: HttpAdapterHost;
  readonly #metrics: Metrics;
  readonly #counted: CountedLog;
  readonly #connections: Connections;
  readonly #begin: (request: HttpRequest, response: ServerResponse, begun: Begun) => void;
  readonly #direct: DirectHandlers;
  readonly #refusals: RefusalFilter;

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(PublicAddress) address: PublicAddress,
    @Inject(HTTP_PARTS) { callers, log, metrics, settings }: HttpParts,
    @Inject(DirectHandlers) direct: DirectHandlers,
    @Inject(RefusalFilter) refusals: RefusalFilter,
  ) {
    this.#host = host;
    this.#metrics = metrics;
    this.#counted = new CountedLog(log, COUNTED_LINE_MILLIS);
    this.#connections = new Connections({
      silentMillis: HEADERS_MILLIS,
      isProxy: (remote) => address.isProxy(remote),
      onRefused: () => this.#refusedConnection(),
    });
    const count = countedBy(settings.requestsPerSecond, callers, address);
    this.#begin = inTurnWith(count, this.#connections, checkedWith(new BodyRoom()));
    this.#direct = direct;
    this.#refusals = refusals;
    host.httpAdapter.getInstance<{ disable: (setting: string) => void }>().disable('x-powered-by');
  }

  static register(parts: HttpParts): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      controllers: [HealthController],
      providers: [
        { provide: HTTP_PARTS, useValue: parts },
        PublicAddress,
        WrongTokens,
        AccessGuard,
        RefusalFilter,
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: APP_FILTER, useExisting: RefusalFilter },
        {
          provide: DirectHandlers,
          inject: [AccessGuard],
          useFactory: (access: AccessGuard) => new DirectHandlers(access),
        },
      ],
      exports: [DirectHandlers, HTTP_PARTS, PublicAddress],
    };
  }

  onApplicationBootstrap(): void {
    const server = this.#host.httpAdapter.getHttpServer() as Server;
    server.requestTimeout = REQUEST_MILLIS;
    server.headersTimeout = HEADERS_MILLIS;
    server.on('clientError', refuseUnparsed);
    // Node would answer these by itself, in no shape of ours: `checked` refuses them.
    Object.assign(server, { requireHostHeader: false });
    server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
    this.#connections.watch(server);
    this.#standInFrontOf(server);
  }

  /** Not by a middleware of Nest's: each would pass it after Express has taken the request for its own. */
  #standInFrontOf(server: Server): void {
    const [nest] = server.listeners('request') as ((request: HttpRequest, response: ServerResponse) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request: HttpRequest, response: ServerResponse) =>
      this.#begin(request, response, (refused) => {
        const refuse = (error: unknown): void => this.#refusals.answer(error, request, response);
        const answer = this.#direct.answerTo(request);
        if (refused !== undefined) refuse(refused);
        else if (answer === undefined) nest?.(request, response);
        else answer(request, response).catch(refuse);
      }),
    );
  }

  #refusedConnection(): void {
    const help = 'Connections closed because there were too many, or too many requests waited on one';
    this.#metrics.counter('http_connections_refused_total', help).inc();
    this.#counted.tell('http.connections-refused', {});
  }

  onApplicationShutdown(): void {
    this.#counted.stop();
  }
}

/** How an application with `HttpModule` is made: `NestFactory.create(module, HTTP_APPLICATION)`. */
export const HTTP_APPLICATION = { logger: false, bodyParser: false } as const;

/** Probes are counted apart: one that is refused for what callers of its address ask would have the hub killed for them. */
const PROBE = /^\/health\//;
/** Of one address; more than anybody asks who means to know. */
const PROBES_PER_SECOND = 100;

/** Counts a request to its caller; where nobody is named, to its address. */
function countedBy(requestsPerSecond: number, callers: Callers, address: PublicAddress) {
  const [requests, probes] = [new RequestRate(requestsPerSecond), new RequestRate(PROBES_PER_SECOND)];
  return (request: HttpRequest): number | undefined => {
    if (PROBE.test(request.url ?? '')) return probes.count(address.clientOf(request));
    const caller = callers.byAuthorization(request.headers.authorization);
    return requests.count(caller === undefined ? `address ${address.clientOf(request)}` : `caller ${caller.name}`);
  };
}

/** Told when a request's turn has come, with what it is refused for. */
type Begun = (refused?: RefusedRequest) => void;

/**
 * In front of all that Nest does, so that what is refused costs little: a request is counted when it comes, and is begun, with the
 * headers of its answer set, or refused for the caller's second being full, when its turn has come and that second is over.
 */
function inTurnWith(
  count: (request: HttpRequest) => number | undefined,
  connections: Connections,
  check: (request: HttpRequest, response: ServerResponse) => RefusedRequest | undefined,
) {
  const headers = protectingHeaders();
  return (request: HttpRequest, response: ServerResponse, begun: Begun): void => {
    if (!connections.isOpen(request.socket)) return;
    const millis = count(request);
    const refuse = (): void => begun(new RefusedRequest(fault('too-many-requests')));
    connections.inTurn(request, response, () => {
      for (const [name, value] of headers) response.setHeader(name, value);
      if (millis === undefined) begun(check(request, response));
      else setTimeout(refuse, millis).unref();
    });
  };
}

const checkedWith =
  (room: BodyRoom) =>
  (request: HttpRequest, response: ServerResponse): RefusedRequest | undefined => {
    response.once('close', roomFor(request, room));
    const isWhole = request.headers.host !== undefined || request.httpVersion === '1.0';
    if (!isWhole || (request.headers.expect ?? CONTINUE).toLowerCase() !== CONTINUE) {
      return new RefusedRequest(fault('bad-request'));
    }
    return CONTROL.test(request.url ?? '') ? new RefusedRequest(fault('bad-character')) : undefined;
  };

/**
 * What is no HTTP at all never becomes a request; it is answered in the same shape all the same. Not behind other answers of
 * its connection: one of these may be half written.
 */
function refuseUnparsed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable || (socket as Socket).bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const { body } = refusalOf(fault('bad-request'));
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\ncontent-type: ${FHIR_JSON}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
