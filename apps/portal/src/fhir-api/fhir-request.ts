import type { FhirResource } from 'fhir/r4.js';
import type { Caller } from '#libs/county';
import { fault, type Fault, isFault, looksLikePersonNumber } from '#libs/platform';
import { isResourceType, type ResourceType } from '../view/row.ts';

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

/** A parameter, decoded. */
export type Pair = readonly [name: string, value: string];

/** More parameters than this no search of ours can need; each is a condition that the database has to plan. */
const MOST_PAIRS = 50;
const CONTROL = /\p{Cc}/u;

/**
 * A query or a form, decoded, in its order; what is said twice is there once.
 * @param unreadable what it is called when it is not encoded as it must be
 */
export function pairsIn(text: string, unreadable: 'bad-parameter' | 'bad-body'): Pair[] | Fault {
  const parts = [...new Set(text.split('&').filter((part) => part !== ''))];
  if (parts.length > MOST_PAIRS) return fault('too-many-values');
  const pairs: Pair[] = [];
  for (const part of parts) {
    const pair = pairIn(part, unreadable);
    if (isFault(pair)) return pair;
    pairs.push(pair);
  }
  return pairs;
}

function pairIn(part: string, unreadable: 'bad-parameter' | 'bad-body'): Pair | Fault {
  const at = part.indexOf('=');
  const texts = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  try {
    const [name = '', value = ''] = texts.map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
    return CONTROL.test(name + value) ? fault('bad-character') : [name, value];
  } catch {
    return fault(unreadable);
  }
}

/** Parameters that name or describe a person, in every spelling that FHIR has for them. */
const OF_A_PERSON = ['name', 'family', 'given', 'phonetic', 'birthdate', 'death-date', 'email', 'phone', 'telecom'];
/** Free text or an expression: what a person would be sought by, whatever resource is asked for. */
const FREE_TEXT = ['_content', '_text', '_filter'];
const ADDRESS = /^address(-[a-z]+)?$/;
const OF_PATIENT = /^(subject|patient)(:[A-Za-z]+)?[.:](.+)$/;

/** Ids of ours are random digits and letters: one of them in a million looks like a person number. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TEN_BARE = /(?<![\dA-Za-z])(\d{6})(\d{4})(?![\dA-Za-z])/g;

const isPersonal = (name: string) =>
  name.split(':')[0] === 'identifier' || OF_A_PERSON.includes(name.split(':')[0] ?? '') || ADDRESS.test(name);

/**
 * True when the name of a parameter says that its value is a person's identity or name (contract 4).
 * @param type of the resources that are searched; an organisation's identifier and name may stand in a URL
 */
export function namesPerson(type: string, name: string): boolean {
  if (FREE_TEXT.includes(name.split(':')[0] ?? '')) return true;
  const ofPatient = OF_PATIENT.exec(name)?.[3];
  if (ofPatient !== undefined) return isPersonal(ofPatient);
  return type === 'Patient' && isPersonal(name);
}

/** Whatever stands between the date and the last four: a dash of any kind, a blank, a point. Commas separate values. */
const SEPARATED = /(\d{6})[^\dA-Za-z,]{1,3}(\d{4})(?![\dA-Za-z])/g;

/** Ten or twelve digits with whatever stands between any of them. After a letter it is a time of day, or a part of an id. */
const SPREAD =
  /(?<![\dA-Za-z])\d(?:[^\dA-Za-z,]{0,2}\d){9}(?:[^\dA-Za-z,]{0,2}\d[^\dA-Za-z,]{0,2}\d)?(?![^\dA-Za-z,]{0,2}\d|[A-Za-z])/g;

/** Digits of every script; each script has its ten in a row, from 0 on. */
const DIGIT = /\p{Nd}/gu;

function latinDigit(digit: string): string {
  const at = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(at - value - 1))) value += 1;
  return `${value}`;
}

/**
 * True when a text of a URL holds what may be a person number, however it is written: also ten bare digits, since this is
 * no log (contract 4), with other separators, in digits of full width, or in those of another script.
 */
export function holdsPersonNumber(text: string): boolean {
  const rest = text.normalize('NFKC').replace(DIGIT, latinDigit).replace(UUID, '').replace(SEPARATED, '$1-$2');
  if (looksLikePersonNumber(rest)) return true;
  const spread = [...rest.matchAll(SPREAD)].map(([run]) => run.replace(/\D/g, ''));
  if (spread.some((digits) => looksLikePersonNumber(digits.replace(/(\d{4})$/, '-$1')))) return true;
  return [...rest.matchAll(TEN_BARE)].some(([, date = '', last = '']) => looksLikePersonNumber(`${date}-${last}`));
}
