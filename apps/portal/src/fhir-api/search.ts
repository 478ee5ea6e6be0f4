import { fault, type Fault, type IdMaker, isFault } from '#libs/platform';
import type { ResourceType } from '../view/row.ts';
import { type AnswerShape, takeGeneral, wholeShape } from './answer-shape.ts';
import { holdsPersonNumber, namesPerson, type Pair } from './fhir-request.ts';
import { isPersonal, type ReferenceParameter, type SearchParameter, TYPES } from './search-parameters.ts';
import { alternativesIn, type Condition, conditionOf, type ValueContext } from './search-values.ts';

const DEFAULT_COUNT = 50;
const MOST_COUNT = 200;
/** Values of all parameters together: as many as a page can show. */
const MOST_VALUES = 200;
/** Identities in one parameter: an id is made of each for every system and every view that it may stand in. */
const MOST_IDENTITIES = 50;

/** A search that was understood, all of it. */
export interface Search {
  readonly type: ResourceType;
  readonly conditions: readonly Condition[];
  readonly include: readonly ReferenceParameter[];
  readonly sort: { readonly column: 'moment' | 'updatedAt'; readonly descending: boolean };
  readonly count: number;
  /** Only how many there are, no rows: `_summary=count`, `_count=0`. */
  readonly countOnly: boolean;
  /** `_total`; when not said, the total is told where it costs nothing. */
  readonly total: 'counted' | 'none' | 'free';
  readonly shape: AnswerShape;
  readonly after?: Cursor;
  readonly scope: CursorScope;
  /** What was applied and may stand in a link: nothing of a person, nothing that was ignored. */
  readonly applied: readonly Pair[];
}

export interface SearchContext extends ValueContext {
  readonly ids: IdMaker;
  /** Name of the caller. */
  readonly caller: string;
  /** `Prefer: handling=strict`: an unknown parameter is refused, not ignored. */
  readonly strict: boolean;
}

/** Settings of the answer, as they are collected. */
interface Draft {
  readonly conditions: Condition[];
  readonly include: Set<ReferenceParameter>;
  readonly applied: Pair[];
  readonly shape: AnswerShape;
  count: number;
  countOnly: boolean;
  total: Search['total'];
  sort: string;
  cursor?: string;
  values: number;
  personal: boolean;
}

const emptyDraft = (): Draft => ({
  conditions: [],
  include: new Set(),
  applied: [],
  shape: wholeShape(),
  count: DEFAULT_COUNT,
  countOnly: false,
  total: 'free',
  sort: '_lastUpdated',
  values: 0,
  personal: false,
});

/**
 * Understands the parameters of a search, or says which one it cannot take.
 * @param query of the URL, decoded
 * @param form of the body of `POST _search`, decoded; persons may stand there alone
 */
export function readSearch(
  type: ResourceType,
  query: readonly Pair[],
  form: readonly Pair[],
  context: SearchContext,
): Search | Fault {
  const inUrl = query.find(([name, value]) => tellsPerson(type, name, value));
  if (inUrl !== undefined) return fault('person-in-url');
  const draft = emptyDraft();
  for (const [name, value] of [...query, ...form]) {
    const problem = take(type, name, value, draft, context);
    if (problem !== undefined) return problem;
  }
  return finished(type, draft, context);
}

function tellsPerson(type: string, name: string, value: string): boolean {
  // A cursor is verified, and holds an id and a time.
  return namesPerson(type, name) || holdsPersonNumber(name) || (name !== '_cursor' && holdsPersonNumber(value));
}

/** Takes one parameter into the draft. @returns why it cannot be taken */
function take(
  type: ResourceType,
  name: string,
  value: string,
  draft: Draft,
  context: SearchContext,
): Fault | undefined {
  const control = CONTROLS.get(name);
  if (control?.(type, value, draft) === true) return undefined;
  const general = takeGeneral(name, value, draft.shape);
  if (general !== undefined) return isFault(general) ? general : applyGeneral(name, value, draft);
  if (control !== undefined) return fault('bad-parameter', name);
  const parameter = TYPES[type].parameters.find((one) => one.name === name);
  if (parameter !== undefined) return ask(parameter, value, draft, context);
  const base = /^([^:.]+):/.exec(name)?.[1];
  // A modifier changes what a filter means: to ignore it would answer another question than the one asked.
  if (TYPES[type].parameters.some((one) => one.name === base)) return fault('bad-parameter', safePlace(name));
  return context.strict ? fault('unknown-parameter', safePlace(name)) : undefined;
}

/** The name of a parameter that we do not know is a caller's text: it is repeated only when it can be no content. */
const safePlace = (name: string) => (/^[a-zA-Z_][\w:.-]{0,40}$/.test(name) && !holdsPersonNumber(name) ? name : '');

/** `_format` and `_pretty` say how this answer is written; the next page is asked for as its caller likes. */
function applyGeneral(name: string, value: string, draft: Draft): Fault | undefined {
  if (holdsPersonNumber(value)) return fault('person-in-url');
  if (name === '_summary' || name === '_elements') draft.applied.push([name, value]);
  return undefined;
}

function ask(parameter: SearchParameter, value: string, draft: Draft, context: ValueContext): Fault | undefined {
  // `self` is an address as well: what it repeats may not tell a person, wherever it was said.
  if (!isPersonal(parameter) && holdsPersonNumber(value)) return fault('person-in-url', parameter.name);
  const alternatives = alternativesIn(value);
  draft.values += alternatives.length;
  const isTooMany = parameter.type === 'identifier' && alternatives.length > MOST_IDENTITIES;
  if (isTooMany || draft.values > MOST_VALUES) return fault('too-many-values', parameter.name);
  const condition = conditionOf(parameter, alternatives, context);
  if (condition === undefined) return fault('bad-parameter', parameter.name);
  draft.conditions.push(condition);
  if (isPersonal(parameter)) draft.personal = true;
  else draft.applied.push([parameter.name, alternatives.join(',')]);
  return undefined;
}

/** Takes a value into the draft. @returns false when it cannot be read */
type Control = (type: ResourceType, value: string, draft: Draft) => boolean;

/** Parameters that shape the answer of a search alone. A map, since the names come from outside: `constructor` is none. */
const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>([
  [
    '_count',
    (_type, value, draft) => {
      draft.count = Math.min(Number(value), MOST_COUNT);
      return /^(?:0|[1-9]\d{0,8})$/.test(value);
    },
  ],
  [
    '_sort',
    (type, value, draft) => {
      draft.sort = value;
      return Object.hasOwn(TYPES[type].sort, value.replace(/^-/, ''));
    },
  ],
  [
    '_summary',
    (_type, value, draft) => {
      draft.countOnly = value === 'count';
      if (draft.countOnly) draft.applied.push(['_summary', value]);
      return draft.countOnly;
    },
  ],
  [
    '_total',
    (_type, value, draft) => {
      draft.total = value === 'none' ? 'none' : 'counted';
      draft.applied.push(['_total', value]);
      return ['none', 'estimate', 'accurate'].includes(value);
    },
  ],
  // Nothing of ours is contained in anything: what FHIR does unless it is told otherwise.
  ['_contained', (_type, value) => value === 'false'],
  [
    '_include',
    (type, value, draft) => {
      const [of, name = '', target] = value.split(':');
      const parameter = TYPES[type].parameters.find((one) => one.name === name && one.type === 'reference');
      if (of !== type || !TYPES[type].include.includes(name) || parameter?.type !== 'reference') return false;
      if (!draft.include.has(parameter)) draft.applied.push(['_include', value]);
      draft.include.add(parameter);
      return target === undefined || target === parameter.target;
    },
  ],
  [
    '_cursor',
    (_type, value, draft) => {
      draft.cursor = value;
      return true;
    },
  ],
]);

function finished(type: ResourceType, draft: Draft, { ids, caller }: SearchContext): Search | Fault {
  const { conditions, include, shape, sort, total } = draft;
  const scope = { caller, type, sort };
  const column = TYPES[type].sort[sort.replace(/^-/, '')] ?? 'updatedAt';
  const after =
    draft.cursor === undefined ? undefined : (readCursor(ids, scope, draft.cursor) ?? fault('bad-cursor', '_cursor'));
  if (isFault(after)) return after;
  const countOnly = draft.countOnly || draft.count === 0;
  // A link to a second page would have to name the person: such a search is answered in one.
  const count = draft.personal && !countOnly ? MOST_COUNT : draft.count;
  return {
    type,
    conditions,
    include: [...include],
    sort: { column, descending: sort.startsWith('-') },
    count,
    countOnly,
    total,
    shape,
    ...(after === undefined ? {} : { after }),
    scope,
    applied: [...draft.applied, ['_sort', sort], ['_count', String(count)]],
  };
}

/** Where a page ended: the sort key and the id of its last row. Ids are opaque, and a time tells nothing of a person. */
interface Cursor {
  readonly key: number;
  readonly id: string;
}

/** What a cursor is good for: another search, or another caller's, cannot use it. */
interface CursorScope {
  readonly caller: string;
  readonly type: string;
  readonly sort: string;
}

const mac = (ids: IdMaker, scope: CursorScope, payload: string) =>
  ids.other('cursor', scope.caller, scope.type, scope.sort, payload);

/** The opaque text of a place in a search. */
export function writeCursor(ids: IdMaker, scope: CursorScope, { key, id }: Cursor): string {
  const payload = `${key.toString(36)}~${id}`;
  return Buffer.from(`${payload}~${mac(ids, scope, payload)}`).toString('base64url');
}

/** The place behind a cursor of ours; undefined for any other text, and for one of another caller or search. */
function readCursor(ids: IdMaker, scope: CursorScope, text: string): Cursor | undefined {
  const [key = '', id = '', signature, ...more] = Buffer.from(text, 'base64url').toString('utf8').split('~');
  if (signature !== mac(ids, scope, `${key}~${id}`) || more.length > 0) return undefined;
  return { key: parseInt(key, 36), id };
}
