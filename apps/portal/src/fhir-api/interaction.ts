import { fault, isFault, type Fault } from '#libs/platform';
import { isResourceType, type ResourceType } from '../view/row.ts';

/** What a request wants, by method and path (FHIR R4, RESTful API). */
export type Interaction =
  | { readonly kind: 'capabilities' }
  | { readonly kind: 'read'; readonly type: ResourceType; readonly id: string }
  /** Why a notice was told, and why another did not get it. */
  | { readonly kind: 'explain'; readonly type: 'Communication'; readonly id: string }
  | { readonly kind: 'search'; readonly type: ResourceType; readonly form: boolean };

/** A refusal with the methods that would have done. */
export interface WrongMethod {
  readonly allow: string;
}

const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/;
const isGet = (method: string) => method === 'GET' || method === 'HEAD';

/** The segments of a path, decoded; a fault when they cannot be. */
function segmentsOf(path: string): string[] | Fault {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return fault('not-found');
  }
}

/** What a method on a path wants. Whatever is not offered is not there: an unknown type, an id that cannot be one. */
export function interactionOf(method: string, path: string): Interaction | WrongMethod | Fault {
  const segments = segmentsOf(path);
  if (isFault(segments)) return segments;
  const [type, id, ...more] = segments;
  if (type === 'metadata' && id === undefined) return isGet(method) ? { kind: 'capabilities' } : { allow: 'GET, HEAD' };
  if (type === 'Communication' && id !== undefined && FHIR_ID.test(id) && more.join('/') === '$explain') {
    return isGet(method) ? { kind: 'explain', type, id } : { allow: 'GET, HEAD' };
  }
  if (!isResourceType(type) || more.length > 0) return fault('not-found');
  if (id === '_search') return method === 'POST' ? { kind: 'search', type, form: true } : { allow: 'POST' };
  if (id !== undefined && !FHIR_ID.test(id)) return fault('not-found');
  if (!isGet(method)) return { allow: 'GET, HEAD' };
  return id === undefined ? { kind: 'search', type, form: false } : { kind: 'read', type, id };
}
