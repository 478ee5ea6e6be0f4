import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import { wordsOf } from '../view/name-words.ts';
import type { Condition, Interval } from './condition.ts';
import { searchDate } from './search-date.ts';
import type { ReferenceParameter, SearchParameter, TokenParameter } from './search-parameters.ts';

/** What is needed to understand values besides their text. */
export interface ValueContext {
  /** `http://host/fhir`: references may be absolute. */
  readonly base: string;
  /** Ids that a person with this identity has in the caller's view; empty when the caller has no view of persons. */
  readonly patientIds: (system: string, value: string) => readonly string[];
}

const CODE_PARTS = /(?<!\\)\|/;

/** Alternatives of a value: FHIR separates them by commas; a backslash takes the meaning from the next character. */
function alternatives(value: string): string[] {
  return value.split(/(?<!\\),/);
}

const unescaped = (text: string) => text.replace(/\\([\\,|$])/g, '$1');

/**
 * What a parameter with this value asks.
 * @returns undefined when the value cannot be read; alternatives that can match nothing leave an empty choice
 */
export function conditionOf(parameter: SearchParameter, value: string, context: ValueContext): Condition | undefined {
  const texts = alternatives(value);
  if (texts.some((text) => text.trim() === '')) return undefined;
  const { column } = parameter;
  switch (parameter.type) {
    case 'token':
      return { column, oneOf: texts.flatMap((text) => codesIn(parameter, text)) };
    case 'reference':
      return { column, oneOf: texts.flatMap((text) => idsIn(parameter, text, context.base)) };
    case 'date':
      return withinOf(parameter.column, texts);
    case 'string':
      return wordsIn(texts);
    case 'identifier':
      return { column, oneOf: texts.flatMap((text) => personsIn(text, context)) };
  }
}

/** A code of another system than the element's matches nothing. */
function codesIn({ systems }: TokenParameter, text: string): string[] {
  const [first = '', second] = text.split(CODE_PARTS).map(unescaped);
  if (second === undefined) return [first];
  return systems?.includes(first) === true ? [second] : [];
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

/** A bare identity is looked for in every system that the hub emits. */
function personsIn(text: string, { patientIds }: ValueContext): string[] {
  const [first = '', second] = text.split(CODE_PARTS).map(unescaped);
  if (second !== undefined) return [...patientIds(first, plain(second))];
  return PERSONAL_SYSTEMS.flatMap((system) => patientIds(system, plain(first)));
}

/** 12 digits may be written with a separator; the hub keeps them without. */
const plain = (value: string) => (/^\d{8}[-+ ]\d{4}$/.test(value) ? value.replace(/[-+ ]/, '') : value);
