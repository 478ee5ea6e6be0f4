import { writeOutcome } from '#libs/fhir';
import { entryOf, type Fault } from '#libs/platform';
import type { FhirResponse } from './fhir-message.ts';

/**
 * A fault as the API tells it: an OperationOutcome from the table of errors. Nothing of the request but the name of a
 * parameter stands in it, so that "not yours" and "not there" are the same bytes (architecture 5).
 */
export function refusal(of: Fault, headers: Readonly<Record<string, string>> = {}): FhirResponse {
  const { code, http, issue, severity, text, remedy } = entryOf(of);
  const place = of.place === undefined ? {} : { place: of.place };
  const body = writeOutcome({ code, issueCode: issue, severity, text: `${text} ${remedy}`, ...place });
  return { status: http, headers, body };
}
