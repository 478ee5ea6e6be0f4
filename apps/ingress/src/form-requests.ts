import type { ServerResponse } from 'node:http';
import { senderIdOf, type Agreement, type Caller, type County } from '#libs/county';
import { writeOutcome, type OutcomeIssue } from '#libs/fhir';
import { FHIR_JSON, readBytes, refuse, type HttpRequest } from '#libs/http';
import { entryOf, fault, isFault, looksLikePersonNumber, type Clock, type Fault, type IdMaker } from '#libs/platform';
import type { Answer } from './answered-requests/answer.ts';

/** What the ways in for forms and replies share: their bodies, their keys, and how they are answered. */
export interface FormParts {
  readonly county: Pick<County, 'agreement' | 'directory' | 'nameOf'>;
  readonly ids: IdMaker;
  readonly clock: Clock;
}

export const FORM_PARTS = Symbol('what forms and replies are taken in with');

const MOST_BYTES = 65_536;
const KEY = /^[\x21-\x7e]{1,200}$/;
const JSON_TYPE = /^application\/(?:[a-z.+-]*\+)?json(?:$|;)/i;

/** The body of a form. @throws RefusedRequest for another type than JSON, and for one that is too large */
export function bytesOf(request: HttpRequest): Promise<Buffer> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) refuse(fault('unsupported-media'));
  return readBytes(request, MOST_BYTES);
}

/**
 * The Idempotency-Key: whoever repeats a form with it gets the answer that it got, and says nothing twice.
 * @throws RefusedRequest without one, and for one that looks like a person's number, since it would be kept
 */
export function keyOf(request: HttpRequest): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return refuse(fault('missing-field', 'Idempotency-Key'));
  if (typeof key !== 'string' || !KEY.test(key) || looksLikePersonNumber(key)) {
    return refuse(fault('bad-parameter', 'Idempotency-Key'));
  }
  return key;
}

/** Tells all that is wrong with a form at once. @returns the body */
export function refusedForm(response: ServerResponse, faults: readonly [Fault, ...Fault[]]): string {
  response.statusCode = entryOf(faults[0]).http;
  response.setHeader('content-type', FHIR_JSON);
  return JSON.stringify(writeOutcome(faults.map(issueOf)));
}

function issueOf(one: Fault): OutcomeIssue {
  const { code, issue, severity, text, remedy } = entryOf(one);
  return {
    ...{ code, issueCode: issue, severity, text: `${text} ${remedy}` },
    ...(one.place !== undefined && { place: one.place }),
  };
}

/** Answers what the register says. @returns the body @throws RefusedRequest with the fault */
export function answered(response: ServerResponse, answer: Answer | Fault): string {
  if (isFault(answer)) return refuse(answer);
  response.statusCode = answer.status;
  response.setHeader('content-type', answer.mediaType);
  return answer.body;
}

/** 202: the form is durable, and what follows of it is on its way. */
export function taken(body: object): Answer {
  return { status: 202, mediaType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

/** The sender that a caller is, `sender:KS`, and its agreement on a local day. */
export function agreementOf(caller: Caller, county: Pick<County, 'agreement'>, today: string): Agreement {
  const sender = senderIdOf(caller);
  const agreement = sender === undefined ? undefined : county.agreement(sender, today);
  return agreement ?? refuse(fault('unknown-sender'));
}
