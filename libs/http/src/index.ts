export { HTTP_APPLICATION, HttpModule } from './http.module.ts';
export type { HttpParts } from './http-parts.ts';
export { CurrentCaller, JsonBody, readBody, type HttpRequest } from './http-request.ts';
export { listen } from './listen.ts';
export { Operation } from './permissions.ts';
export { PublicAddress } from './public-address.ts';
export { FHIR_JSON, refusalOf, refuse } from './refusal.ts';
