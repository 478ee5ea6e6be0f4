import type { FhirResource } from 'fhir/r4.js';
import type { Caller } from '#libs/county';

/** A request below `/fhir`, free of any framework, and such that another thread can be given it. */
export interface FhirRequest {
  readonly method: string;
  /** Path below `/fhir`, still encoded: `/Communication/123`. */
  readonly path: string;
  /** Query, still encoded, without `?`. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Text of the body of a POST; of anything else, none. */
  readonly body: string;
  /** `https://host/fhir`, for links and for references that are absolute. */
  readonly base: string;
  /** Who calls; undefined only where no token is asked for. */
  readonly caller: Caller | undefined;
}

export interface FhirResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: FhirResource;
  /** `_pretty=true`: for a person to read. */
  readonly pretty?: boolean;
}

/** An answer as it goes out. */
export interface WrittenAnswer extends Pick<FhirResponse, 'status' | 'headers'> {
  readonly body?: Uint8Array;
}

/** Who answers what is asked below `/fhir`: in this thread, or in one of its own. */
export interface FhirAnswers {
  /** Whatever goes wrong is an answer too. */
  answer(request: FhirRequest): Promise<WrittenAnswer>;
}
