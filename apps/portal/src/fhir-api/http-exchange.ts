import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { fault } from '#libs/platform';
import type { FhirRequest, FhirResponse } from './fhir-message.ts';

const MOST_BODY_BYTES = 65_536;
const HOST = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$|^\[[0-9a-fA-F:]{2,45}\](:\d{1,5})?$/;

/** A request as node or express has it; `body` is there when something in front of us has read it already. */
export type Incoming = IncomingMessage & { readonly originalUrl?: string; readonly body?: unknown };

/** Where the caller thinks we are: its own Host. What a proxy may say in `X-Forwarded-*` is anybody's word. */
function baseOf({ headers, socket }: Incoming): string {
  const secure = (socket as Partial<TLSSocket>).encrypted === true;
  const host = headers.host ?? '';
  const own = `${socket.localAddress ?? '127.0.0.1'}:${socket.localPort ?? 80}`;
  return `${secure ? 'https' : 'http'}://${HOST.test(host) ? host : own}/fhir`;
}

/** @throws a fault when the body is larger than any search */
async function textOf(request: Incoming): Promise<string> {
  if (request.body !== undefined && request.readableEnded) return formTextOf(request.body);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- an expected failure on its way to its answer
    if (bytes > MOST_BODY_BYTES) throw fault('body-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A form that a body parser has read, as text again; what it has nested it must have misread, and stands as it is named. */
function formTextOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null) return '';
  return Object.entries(body)
    .flatMap(([name, value]) =>
      [value].flat().map((one: unknown) => [name, typeof one === 'string' ? one : ''] as const),
    )
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join('&');
}

/** A request below `/fhir` as the API understands it. */
export function fhirRequest(request: Incoming): FhirRequest {
  const [path, query] = splitAt(request.originalUrl ?? request.url ?? '', '?');
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')] as const);
  return {
    method: request.method ?? 'GET',
    path: path.replace(/^\/fhir/, ''),
    query,
    headers: Object.fromEntries(headers.filter(([, value]) => value !== '')),
    body: () => textOf(request),
    base: baseOf(request),
  };
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Sends an answer; a HEAD gets everything but the body. */
export function send(response: ServerResponse, answer: FhirResponse, method: string | undefined): void {
  const body = answer.body === undefined ? undefined : Buffer.from(JSON.stringify(answer.body));
  response.statusCode = answer.status;
  response.setHeader('cache-control', 'no-store');
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (body !== undefined) {
    response.setHeader('content-type', 'application/fhir+json; charset=utf-8');
    response.setHeader('content-length', body.length);
  }
  response.end(method === 'HEAD' ? undefined : body);
}
