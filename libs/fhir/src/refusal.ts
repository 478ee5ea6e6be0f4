import type { OperationOutcome } from 'fhir/r4.js';
import { entryOf, type Fault } from '#libs/platform';
import { writeOutcome } from './outcome.ts';

/** What a request is refused with. */
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
