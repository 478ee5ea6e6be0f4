export {
  Described,
  DESCRIPTION,
  INSTANT,
  listOf,
  objectOf,
  TEXT,
  type Description,
  type JsonSchema,
} from './described.ts';
export { DirectHandlers } from './direct-handlers.ts';
export { HTTP_APPLICATION, HttpModule } from './http.module.ts';
export { HTTP_PARTS, type HttpParts } from './http-parts.ts';
export { CurrentCaller, JsonBody, readBody, readBytes, type HttpRequest } from './http-request.ts';
export { listen } from './listen.ts';
export { Operation, OPERATION, PERMISSIONS, type OperationName } from './permissions.ts';
export { PublicAddress } from './public-address.ts';
export { FHIR_JSON, refuse, RefusedRequest } from './refusal.ts';
