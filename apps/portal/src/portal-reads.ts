import { refusalOf } from '#libs/fhir';
import { isDatabaseTrouble } from '#libs/persistence';
import type { FhirAnswers, FhirResponse, WrittenAnswer } from './fhir-api/fhir-request.ts';
import { FhirServer, type FhirServerParts } from './fhir-api/fhir-server.ts';
import { ViewReader } from './fhir-api/view-reader.ts';
import type { Rejection, RejectionQuestion } from './hub-view/rejections.ts';
import { errorFields, fault, type Configuration } from '#libs/platform';

/**
 * What the portal looks up for whoever asks it: in this thread, or in one of its own, so that a caller who asks for much does not
 * hold up the consumers of the same process.
 */
export interface PortalReads extends FhirAnswers {
  /** Messages that were not taken. Errors: the database's. */
  rejections(question: RejectionQuestion): Promise<Rejection[]>;
}

export interface PortalReadsParts extends Omit<FhirServerParts, 'reader'> {
  readonly configuration: Pick<Configuration, 'database'>;
}

/** Opens the views with connections of its own. */
export function openPortalReads(parts: PortalReadsParts): PortalReads & { close(): Promise<void> } {
  const reader = new ViewReader(parts.configuration.database.url);
  return {
    ...answersOf({ ...parts, reader }),
    rejections: (question) => reader.rejections(question),
    close: () => reader.close(),
  };
}

/** The FHIR API: requests in, bytes out. */
function answersOf(parts: FhirServerParts): FhirAnswers {
  const server = new FhirServer(parts);
  return {
    answer: (request) =>
      server.answer(request).then(written, (error: unknown) => {
        // As the filter of the HTTP front, of which a thread that reads knows nothing.
        parts.log.error('http.request-failed', errorFields(error));
        return written(refusalOf(fault(isDatabaseTrouble(error) ? 'not-ready' : 'internal')));
      }),
  };
}

function written({ status, headers, body, pretty }: FhirResponse): WrittenAnswer {
  if (body === undefined) return { status, headers };
  return { status, headers, body: Buffer.from(JSON.stringify(body, undefined, pretty === true ? 2 : undefined)) };
}
