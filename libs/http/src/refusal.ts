import type { OperationOutcome } from 'fhir/r4.js';
import type { ServerResponse } from 'node:http';
import { writeOutcome } from '#libs/fhir';
import { entryOf, type Fault } from '#libs/platform';

/** A refusal on its way through Nest to the filter that answers it. Thrown by `refuse` alone. */
export class RefusedRequest extends Error {
  readonly fault: Fault;
  readonly headers: Readonly<Record<string, string>>;

  constructor(reason: Fault, headers: Readonly<Record<string, string>> = {}) {
    super(reason.code);
    this.name = 'RefusedRequest';
    this.fault = reason;
    this.headers = headers;
  }
}

/** Ends a request with a fault of the table. @throws RefusedRequest */
export function refuse(reason: Fault, headers: Readonly<Record<string, string>> = {}): never {
  throw new RefusedRequest(reason, headers);
}

export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: OperationOutcome;
}

const RETRY_AFTER_SECONDS = '2';

/**
 * A fault as HTTP tells it, below `/fhir` and everywhere else: an OperationOutcome from the table of errors. Nothing of the
 * request but the name of a parameter stands in it, so that "not yours" and "not there" are the same bytes (architecture 5).
 */
export function refusalOf(of: Fault, headers: Readonly<Record<string, string>> = {}): RefusalAnswer {
  const { code, http, issue, severity, text, remedy } = entryOf(of);
  const place = of.place === undefined ? {} : { place: of.place };
  const body = writeOutcome({ code, issueCode: issue, severity, text: `${text} ${remedy}`, ...place });
  return { status: http, headers: { ...headersOf(http), ...headers }, body };
}

/** Headers that a status never goes without (RFC 9110, 6750). */
function headersOf(status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer realm="bryggan"' };
  return status === 429 || status === 503 ? { 'retry-after': RETRY_AFTER_SECONDS } : {};
}

/** The media type of every OperationOutcome and resource. */
export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Answers a request with a refusal. A HEAD gets everything but the body. */
export function sendRefusal(response: ServerResponse, answer: RefusalAnswer, method: string | undefined): void {
  const body = Buffer.from(JSON.stringify(answer.body));
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('content-type', FHIR_JSON);
  response.setHeader('content-length', body.length);
  response.end(method === 'HEAD' ? undefined : body);
}
