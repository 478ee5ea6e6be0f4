import { fault, isFault, type Fault, type IdMaker } from '#libs/platform';
import type { ResourceType } from '../view/resource-type.ts';
import type { Condition } from './condition.ts';
import { readCursor, type Cursor, type CursorScope } from './cursor.ts';
import { holdsPersonNumber, namesPerson } from './person-in-url.ts';
import { isPersonal, TYPES, type ReferenceParameter, type SearchParameter } from './search-parameters.ts';
import { conditionOf, type ValueContext } from './search-values.ts';

export type Pair = readonly [name: string, value: string];

export const DEFAULT_COUNT = 50;
export const MOST_COUNT = 200;

/** A search that was understood, all of it. */
export interface Search {
  readonly type: ResourceType;
  readonly conditions: readonly Condition[];
  readonly include: readonly ReferenceParameter[];
  readonly sort: { readonly column: 'moment' | 'updatedAt'; readonly descending: boolean };
  readonly count: number;
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
  readonly include: ReferenceParameter[];
  readonly applied: Pair[];
  count: number;
  sort: string;
  cursor?: string;
  personal: boolean;
}

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
  const draft: Draft = {
    conditions: [],
    include: [],
    applied: [],
    count: DEFAULT_COUNT,
    sort: '_lastUpdated',
    personal: false,
  };
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
  if (name === '_format') return undefined;
  const control = CONTROLS[name];
  if (control !== undefined) return control(type, value, draft) ? undefined : fault('bad-parameter', name);
  const parameter = TYPES[type].parameters.find((one) => one.name === name);
  if (parameter !== undefined) return ask(parameter, value, draft, context);
  const base = /^([^:.]+):/.exec(name)?.[1];
  // A modifier changes what a filter means: to ignore it would answer another question than the one asked.
  if (TYPES[type].parameters.some((one) => one.name === base)) return fault('bad-parameter', safePlace(name));
  return context.strict ? fault('unknown-parameter', safePlace(name)) : undefined;
}

/** The name of a parameter that we do not know is a caller's text: it is repeated only when it can be no content. */
const safePlace = (name: string) => (/^[a-zA-Z_][\w:.-]{0,40}$/.test(name) ? name : '');

function ask(parameter: SearchParameter, value: string, draft: Draft, context: ValueContext): Fault | undefined {
  const condition = conditionOf(parameter, value, context);
  if (condition === undefined) return fault('bad-parameter', parameter.name);
  draft.conditions.push(condition);
  if (isPersonal(parameter)) draft.personal = true;
  else draft.applied.push([parameter.name, value]);
  return undefined;
}

/** Parameters that shape the answer. Each tells whether it could be read. */
const CONTROLS: Partial<Record<string, (type: ResourceType, value: string, draft: Draft) => boolean>> = {
  _count: (_type, value, draft) => {
    draft.count = Math.min(Number(value), MOST_COUNT);
    return /^[1-9]\d{0,8}$/.test(value);
  },
  _sort: (type, value, draft) => {
    draft.sort = value;
    return TYPES[type].sort[value.replace(/^-/, '')] !== undefined;
  },
  _include: (type, value, draft) => {
    const [of, name = '', target] = value.split(':');
    const parameter = TYPES[type].parameters.find((one) => one.name === name && one.type === 'reference');
    if (of !== type || !TYPES[type].include.includes(name) || parameter?.type !== 'reference') return false;
    draft.include.push(parameter);
    draft.applied.push(['_include', value]);
    return target === undefined || target === parameter.target;
  },
  _cursor: (_type, value, draft) => {
    draft.cursor = value;
    return true;
  },
};

function finished(type: ResourceType, draft: Draft, { ids, caller }: SearchContext): Search | Fault {
  const { conditions, include, sort } = draft;
  const scope = { caller, type, sort };
  const column = TYPES[type].sort[sort.replace(/^-/, '')] ?? 'updatedAt';
  const after =
    draft.cursor === undefined ? undefined : (readCursor(ids, scope, draft.cursor) ?? fault('bad-cursor', '_cursor'));
  if (isFault(after)) return after;
  // A link to a second page would have to name the person: such a search is answered in one.
  const count = draft.personal ? MOST_COUNT : draft.count;
  return {
    type,
    conditions,
    include,
    sort: { column, descending: sort.startsWith('-') },
    count,
    ...(after === undefined ? {} : { after }),
    scope,
    applied: [...draft.applied, ['_sort', sort], ['_count', String(count)]],
  };
}
