import type { FhirResource } from 'fhir/r4.js';
import type { Caller } from '#libs/county';

/** A request below `/fhir`, free of any framework. */
export interface FhirRequest {
  readonly method: string;
  /** Path below `/fhir`, still encoded: `/Communication/123`. */
  readonly path: string;
  /** Query, still encoded, without `?`. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Text of the body. @throws RefusedRequest when it is larger than any search, or breaks off */
  readonly body: () => Promise<string>;
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
