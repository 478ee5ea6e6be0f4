import { HUB_SCHEMA } from '../hub-view/schema.ts';
import { PARTY_SCHEMA } from '../party-view/schema.ts';
import { showsProtected, type Place } from './access.ts';
import type { Condition, Interval } from './search-values.ts';
import type { SearchColumn } from './search-parameters.ts';
import type { Search } from './search.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const COLUMNS = `type, id, version, updated_at as "updatedAt", protection, status, code, moment, name, body`;
const NAMES: Readonly<Record<SearchColumn, string>> = {
  id: 'id',
  status: 'status',
  code: 'code',
  actor: 'actor',
  encounter: 'encounter',
  subject: 'subject',
  moment: 'moment',
  name: 'name',
  updatedAt: 'updated_at',
};
const SCHEMAS: Readonly<Record<Place['view'], string>> = { party: PARTY_SCHEMA, hub: HUB_SCHEMA };

/** Values of a statement as they are collected: `$n` of each is its place. */
class Values {
  readonly all: unknown[] = [];

  add(value: unknown): string {
    return `$${this.all.push(value)}`;
  }
}

/** The first condition of every statement, always: whose rows these are. */
function ofPlace(place: Place, values: Values): string[] {
  return place.audience === undefined ? [] : [`audience = ${values.add(place.audience)}`];
}

function within(column: string, intervals: readonly Interval[], values: Values): string {
  const parts = intervals.map(({ from, to }) => {
    const ends = [
      ...(from === undefined ? [] : [`${column} >= ${values.add(from)}`]),
      ...(to === undefined ? [] : [`${column} < ${values.add(to)}`]),
    ];
    return `(${ends.join(' and ')})`;
  });
  return `(${parts.join(' or ')})`;
}

/**
 * A receipt names nobody (it is no content), so a Communication of the hub view is about whom its stay is about. Only
 * stays that the caller could find count.
 */
function ofStaysOf(place: Place, condition: Condition, values: Values): string {
  const about = conditionSql(condition, values);
  const conditions = [...ofPlace(place, values), `type = 'Encounter'`, 'protection is null', about];
  return `encounter in (select id from ${HUB_SCHEMA}.resource where ${conditions.join(' and ')})`;
}

const isAboutItsStay = (place: Place, { type }: Search, { column }: Condition) =>
  place.view === 'hub' && type === 'Communication' && column === 'subject';

function conditionSql(condition: Condition, values: Values): string {
  const column = NAMES[condition.column];
  if ('within' in condition) return within(column, condition.within, values);
  if ('words' in condition) {
    return `${column} like any (${values.add(condition.words.map((words) => `%${words}%`))})`;
  }
  if ('present' in condition) return `${column} is not null`;
  const [only, ...more] = condition.oneOf;
  if (only === undefined) return 'false';
  return more.length === 0 ? `${column} = ${values.add(only)}` : `${column} = any (${values.add(condition.oneOf)})`;
}

/** What the rows of a search have in common, on whatever page they stand. */
function conditionsOf(place: Place, search: Search, values: Values): string[] {
  return [
    ...ofPlace(place, values),
    `type = ${values.add(search.type)}`,
    ...(showsProtected(search.type) ? [] : ['protection is null']),
    // Rows without the sort key would be left out by the index, and so by some pages only.
    ...(search.sort.column === 'moment' ? ['moment is not null'] : []),
    ...search.conditions.map((condition) =>
      isAboutItsStay(place, search, condition) ? ofStaysOf(place, condition, values) : conditionSql(condition, values),
    ),
  ];
}

/** How many rows a search has, on all its pages: only for who asks (`_summary=count`, `_total`). */
export function countSql(place: Place, search: Search): Statement {
  const values = new Values();
  const conditions = conditionsOf(place, search, values);
  return {
    text: `select count(*) as count from ${SCHEMAS[place.view]}.resource where ${conditions.join(' and ')}`,
    values: values.all,
  };
}

/** The page of a search: one row more than asked for, to know whether there is a next one. Reads along an index, never counts. */
export function pageSql(place: Place, search: Search): Statement {
  const values = new Values();
  const { column, descending } = search.sort;
  const key = NAMES[column];
  const conditions = [
    ...conditionsOf(place, search, values),
    ...(search.after === undefined
      ? []
      : [`(${key}, id) ${descending ? '<' : '>'} (${values.add(search.after.key)}, ${values.add(search.after.id)})`]),
  ];
  const direction = descending ? ' desc' : '';
  return {
    text: `select ${COLUMNS} from ${SCHEMAS[place.view]}.resource where ${conditions.join(' and ')}
order by ${key}${direction}, id${direction} limit ${values.add(search.count + 1)}`,
    values: values.all,
  };
}

/** Resources of a type by their ids: a read, or what a page includes. */
export function readSql(place: Place, type: string, ids: readonly string[]): Statement {
  const values = new Values();
  const conditions = [...ofPlace(place, values), `type = ${values.add(type)}`, `id = any (${values.add(ids)})`];
  return {
    text: `select ${COLUMNS} from ${SCHEMAS[place.view]}.resource where ${conditions.join(' and ')}`,
    values: values.all,
  };
}

const MOST_OF_A_TYPE = 1000;

/** All resources of a type: only for one that a view has few of. */
export function allSql(place: Place, type: string): Statement {
  const values = new Values();
  const conditions = [...ofPlace(place, values), `type = ${values.add(type)}`];
  return {
    text: `select ${COLUMNS} from ${SCHEMAS[place.view]}.resource where ${conditions.join(' and ')} limit ${MOST_OF_A_TYPE}`,
    values: values.all,
  };
}
