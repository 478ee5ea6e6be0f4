import { type Instant, localToInstant } from '#libs/domain';
import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import { wordsOf } from '../view/columns.ts';
import type { StoredRow } from '../view/row.ts';
import type { ReferenceParameter, SearchColumn, SearchParameter, TokenParameter } from './search-parameters.ts';

/** From the first instant up to, not including, the last; an open end is absent. */
export interface Interval {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** What a search asks of a row. All conditions hold together; the values of one are alternatives. */
export type Condition =
  | { readonly column: SearchColumn; readonly oneOf: readonly string[] }
  /** The row has any value there. */
  | { readonly column: SearchColumn; readonly present: true }
  | { readonly column: 'moment' | 'updatedAt'; readonly within: readonly Interval[] }
  | { readonly column: 'name'; readonly words: readonly string[] };

/** True when a row meets a condition; search-sql.ts says the same in SQL. */
export function meets(row: StoredRow, condition: Condition): boolean {
  const value = row[condition.column];
  if (value === undefined) return false;
  if ('present' in condition) return true;
  if ('oneOf' in condition) return condition.oneOf.includes(String(value));
  if ('words' in condition) return condition.words.some((words) => String(value).includes(words));
  return condition.within.some(({ from = -Infinity, to = Infinity }) => Number(value) >= from && Number(value) < to);
}

/** What is needed to understand values besides their text. */
export interface ValueContext {
  /** `http://host/fhir`: references may be absolute. */
  readonly base: string;
  /** Ids that a person with this identity has in the caller's view; empty when the caller has no view of persons. */
  readonly patientIds: (system: string, value: string) => readonly string[];
}

const CODE_PARTS = /(?<!\\)\|/;

/** Alternatives of a value, each once: FHIR separates them by commas; a backslash takes the meaning from the next character. */
export const alternativesIn = (value: string): string[] => [...new Set(value.split(/(?<!\\),/))];

const unescaped = (text: string) => text.replace(/\\([\\,|$])/g, '$1');

/**
 * What a parameter with these alternatives asks.
 * @returns undefined when one cannot be read; alternatives that can match nothing leave an empty choice
 */
export function conditionOf(
  parameter: SearchParameter,
  texts: readonly string[],
  context: ValueContext,
): Condition | undefined {
  if (texts.some((text) => text.trim() === '')) return undefined;
  const { column } = parameter;
  switch (parameter.type) {
    case 'token':
      return codesOf(parameter, texts);
    case 'reference':
      return { column, oneOf: texts.flatMap((text) => idsIn(parameter, text, context.base)) };
    case 'date':
      return withinOf(parameter.column, texts);
    case 'string':
      return wordsIn(texts);
    case 'identifier':
      return personsOf(column, texts, context);
  }
}

/**
 * A token (FHIR R4, search): `code`; `system|code`; `system|` for any code of the system; `|code` for one without a system.
 * All our codes have the system of their element, and an id (`_id`) has none.
 */
function codesOf({ column, systems = [''] }: TokenParameter, texts: readonly string[]): Condition {
  const tokens = texts.map((text) => text.split(CODE_PARTS).map(unescaped));
  const ofOurs = tokens.filter(([system = '', code]) => code === undefined || systems.includes(system));
  const any = ofOurs.some(([system, code]) => system !== '' && code === '');
  return any ? { column, present: true } : { column, oneOf: ofOurs.map(([first = '', code = first]) => code) };
}

function idsIn({ target }: ReferenceParameter, text: string, base: string): string[] {
  const path = text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text;
  const [first = '', second, ...more] = unescaped(path).split('/');
  if (second === undefined) return [first];
  return first === target && more.length === 0 ? [second] : [];
}

function withinOf(column: 'moment' | 'updatedAt', texts: readonly string[]): Condition | undefined {
  const intervals: Interval[] = [];
  for (const text of texts) {
    const found = searchDate(text);
    if (found === undefined) return undefined;
    intervals.push(...found);
  }
  return { column, within: intervals };
}

function wordsIn(texts: readonly string[]): Condition | undefined {
  const words = texts.map((text) => wordsOf(unescaped(text)));
  return words.includes('') ? undefined : { column: 'name', words };
}

const PERSONAL_SYSTEMS = [
  IDENTIFIER_SYSTEM.personnummer,
  IDENTIFIER_SYSTEM.samordningsnummer,
  IDENTIFIER_SYSTEM.nationelltReservnummer,
  IDENTIFIER_SYSTEM['LMA-nummer'],
  IDENTIFIER_SYSTEM['reservnummer-stockholm'],
];

/** @returns undefined for `system|`, which asks for everyone: no column holds an identity, so that it cannot be answered */
function personsOf(column: SearchColumn, texts: readonly string[], context: ValueContext): Condition | undefined {
  if (texts.some((text) => /(?<!\\)\|$/.test(text))) return undefined;
  return { column, oneOf: texts.flatMap((text) => personsIn(text, context)) };
}

/** A bare identity is looked for in every system that the hub emits. */
function personsIn(text: string, { patientIds }: ValueContext): string[] {
  const [first = '', second] = text.split(CODE_PARTS).map(unescaped);
  if (second !== undefined) return [...patientIds(first, plain(second))];
  return PERSONAL_SYSTEMS.flatMap((system) => patientIds(system, plain(first)));
}

/** 12 digits may be written with a separator; the hub keeps them without. */
const plain = (value: string) => (/^\d{8}[-+ ]\d{4}$/.test(value) ? value.replace(/[-+ ]/, '') : value);

const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const;
type Prefix = (typeof PREFIXES)[number];
const isPrefix = (text: string): text is Prefix => PREFIXES.some((prefix) => prefix === text);

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The intervals that a date of a search means, by FHIR's prefixes; `ne` is two.
 * A date or time without an offset is Europe/Stockholm's (architecture 7).
 * @param text such as `ge2026-05-10` or `lt2026-05-10T14:30:00+02:00`; a space is a `+` that was not encoded
 * @returns undefined when it cannot be read
 */
export function searchDate(text: string): Interval[] | undefined {
  const stated = text.slice(0, 2);
  const prefix = isPrefix(stated) ? stated : 'eq';
  const span = spanOf(text.slice(isPrefix(stated) ? 2 : 0).replace(/ (?=\d\d:\d\d$)/, '+'));
  if (span === undefined) return undefined;
  const { from, to } = span;
  switch (prefix) {
    case 'eq':
      return [{ from, to }];
    case 'ne':
      return [{ to: from }, { from: to }];
    // Our times are instants: after the whole span is both greater and `sa`, before it both less and `eb`.
    case 'gt':
    case 'sa':
      return [{ from: to }];
    case 'lt':
    case 'eb':
      return [{ to: from }];
    case 'ge':
      return [{ from }];
    case 'le':
      return [{ to }];
  }
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

function spanOf(text: string): Span | undefined {
  const [match, year = '', month, day, hour, minute, second, fraction, offset] = DATE.exec(text) ?? [];
  if (match === undefined) return undefined;
  if (hour === undefined) return daysOf(Number(year), month, day);
  const clock = [hour, minute, second, fraction?.slice(0, 3).padEnd(3, '0')].map((part) => Number(part ?? 0));
  const from = instantOf([Number(year), Number(month), Number(day), ...clock], offset);
  if (from === undefined) return undefined;
  if (fraction === undefined) return { from, to: from + (second === undefined ? 60_000 : 1000) };
  return ofFraction(from, fraction);
}

/**
 * What a fraction of a second names, in whole milliseconds, which our times have: finer than that there is none of ours
 * unless the rest is zeros, and then `from` and `to` are the next millisecond, between all that is before and after.
 */
function ofFraction(from: Instant, fraction: string): Span {
  if (/[1-9]/.test(fraction.slice(3))) return { from: from + 1, to: from + 1 };
  return { from, to: from + 1 };
}

/** A whole year, month or day, from midnight to midnight in Stockholm. */
function daysOf(year: number, month: string | undefined, day: string | undefined): Span | undefined {
  const parts = [year, Number(month ?? 1), Number(day ?? 1)] as const;
  const next = wallOf(nextOf(parts, month, day));
  const from = instantOf([...parts, 0, 0, 0, 0], undefined);
  const to = instantOf([next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), 0, 0, 0, 0], undefined);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function nextOf(
  [year, month, day]: readonly [number, number, number],
  statedMonth: string | undefined,
  statedDay: string | undefined,
): [number, number, number] {
  if (statedDay !== undefined) return [year, month, day + 1];
  return statedMonth === undefined ? [year + 1, 1, 1] : [year, month + 1, 1];
}

/** A reading of a clock as if it were in UTC; `Date.UTC` itself takes the year 50 for 1950. */
function wallOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0]: readonly number[]): Date {
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second, millis);
  return wall;
}

function instantOf(parts: readonly number[], offset: string | undefined): Instant | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0] = parts;
  const wall = wallOf(parts);
  const exists =
    wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day && wall.getUTCHours() === hour && minute < 60;
  if (year < 1 || !exists || second > 59) return undefined;
  if (offset !== undefined) return wall.getTime() - minutesOf(offset) * 60_000;
  // The county's time begins later than that, and nothing of ours is so old.
  if (year < 100) return wall.getTime();
  const instant = localToInstant(year, month, day, hour, minute, second, millis);
  return typeof instant === 'number' ? instant : undefined;
}

function minutesOf(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith('-') ? -minutes : minutes;
}
