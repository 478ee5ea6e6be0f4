import type { FhirResource } from 'fhir/r4.js';

/** A request below `/fhir`, free of any framework. */
export interface FhirRequest {
  readonly method: string;
  /** Path below `/fhir`, still encoded: `/Communication/123`. */
  readonly path: string;
  /** Query, still encoded, without `?`. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Text of the body, read at most as far as its limit. */
  readonly body: () => Promise<string>;
  /** `http://host/fhir`, from the request's own Host. */
  readonly base: string;
}

export interface FhirResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: FhirResource;
}
