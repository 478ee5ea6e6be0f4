import { refusalOf, refusedBy } from '#libs/http';
import type { FhirAnswers, FhirResponse, WrittenAnswer } from './fhir-message.ts';
import { FhirServer, type FhirServerParts } from './fhir-server.ts';

/** The FHIR API: requests in, bytes out. */
export function answersOf(parts: FhirServerParts): FhirAnswers {
  const server = new FhirServer(parts);
  return {
    answer: (request) =>
      server.answer(request).then(written, (error: unknown) => {
        const { fault, headers } = refusedBy(error, parts);
        return written(refusalOf(fault, headers));
      }),
  };
}

function written({ status, headers, body, pretty }: FhirResponse): WrittenAnswer {
  if (body === undefined) return { status, headers };
  return { status, headers, body: Buffer.from(JSON.stringify(body, undefined, pretty === true ? 2 : undefined)) };
}
