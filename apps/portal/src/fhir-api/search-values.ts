import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import { wordsOf } from '../view/columns.ts';
import type { Condition, Interval } from './condition.ts';
import { searchDate } from './search-date.ts';
import type { ReferenceParameter, SearchColumn, SearchParameter, TokenParameter } from './search-parameters.ts';

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
