import { refusalOf, refusedBy } from '#libs/http';
import type { Configuration } from '#libs/platform';
import type { FhirAnswers, FhirResponse, WrittenAnswer } from './fhir-message.ts';
import { FhirServer, type FhirServerParts } from './fhir-server.ts';
import { ViewReader } from './view-reader.ts';

export interface FhirAnswersParts extends Omit<FhirServerParts, 'reader'> {
  readonly configuration: Pick<Configuration, 'database'>;
}

/** Opens the FHIR API with connections of its own: requests in, bytes out. */
export function openFhirAnswers(parts: FhirAnswersParts): FhirAnswers & { close(): Promise<void> } {
  const reader = new ViewReader(parts.configuration.database.url);
  const server = new FhirServer({ ...parts, reader });
  return {
    answer: (request) =>
      server.answer(request).then(written, (error: unknown) => {
        const { fault, headers } = refusedBy(error, parts);
        return written(refusalOf(fault, headers));
      }),
    close: () => reader.close(),
  };
}

function written({ status, headers, body, pretty }: FhirResponse): WrittenAnswer {
  if (body === undefined) return { status, headers };
  return { status, headers, body: Buffer.from(JSON.stringify(body, undefined, pretty === true ? 2 : undefined)) };
}
