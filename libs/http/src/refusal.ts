import type { ServerResponse } from 'node:http';
import type { RefusalAnswer } from '#libs/fhir';
import type { Fault } from '#libs/platform';

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
