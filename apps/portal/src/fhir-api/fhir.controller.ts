import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { FHIR_JSON, Operation, PublicAddress, readBody, type HttpRequest } from '#libs/http';
import type { FhirAnswers, FhirRequest, WrittenAnswer } from './fhir-request.ts';

export const FHIR_ANSWERS = Symbol('answers of the FHIR API');

/** A page of 200 identities with their systems has room in it. */
const MOST_BODY_BYTES = 65_536;

/** Everything below `/fhir`: routing is FHIR's (fhir-request.ts), so that also what is not there is answered in FHIR. */
@Controller('fhir')
export class FhirController {
  readonly #fhir: FhirAnswers;
  readonly #address: PublicAddress;

  constructor(@Inject(FHIR_ANSWERS) fhir: FhirAnswers, @Inject(PublicAddress) address: PublicAddress) {
    this.#fhir = fhir;
    this.#address = address;
  }

  @All('metadata')
  @Operation('fhir-capabilities')
  capabilities(@Req() request: HttpRequest, @Res() response: ServerResponse): Promise<void> {
    return this.#answer(request, response);
  }

  @All(['', '*path'])
  @Operation('fhir')
  all(@Req() request: HttpRequest, @Res() response: ServerResponse): Promise<void> {
    return this.#answer(request, response);
  }

  async #answer(request: HttpRequest, response: ServerResponse): Promise<void> {
    const answer = await this.#fhir.answer(await fhirRequest(request, this.#address.baseOf(request)));
    send(response, answer, request.method);
  }
}

/**
 * A request below `/fhir` as the API understands it.
 * @param hub the hub's address for links (PublicAddress)
 * @throws RefusedRequest when its body is larger than any search, or breaks off
 */
async function fhirRequest(request: HttpRequest, hub: string): Promise<FhirRequest> {
  // A proxy may ask with the whole address (RFC 9112, 3.2.2).
  const target = (request.originalUrl ?? request.url ?? '').replace(/^https?:\/\/[^/?]*/i, '');
  const [path, query] = splitAt(target, '?');
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')] as const);
  return {
    method: request.method ?? 'GET',
    path: path.replace(/^\/fhir/i, ''),
    query,
    headers: Object.fromEntries(headers.filter(([, value]) => value !== '')),
    body: request.method === 'POST' ? await readBody(request, MOST_BODY_BYTES) : '',
    base: `${hub}/fhir`,
    caller: request.caller,
  };
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Sends an answer; a HEAD gets everything but the body. */
function send(response: ServerResponse, answer: WrittenAnswer, method: string | undefined): void {
  const { status, headers, body } = answer;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body !== undefined) {
    response.setHeader('content-type', FHIR_JSON);
    response.setHeader('content-length', body.length);
  }
  response.end(method === 'HEAD' ? undefined : body);
}
