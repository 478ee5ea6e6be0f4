import {
  agree,
  type Fact,
  FACT_CODES,
  FACT_VALUES,
  type FactCode,
  type FactStatus,
  type FactValueRule,
  SCOPES,
} from '#libs/domain';
import { type Field, type Hl7Message, type Repetition, unescapeText } from '#libs/hl7v2';
import type { Findings } from '../findings.ts';
import { isHsaId } from './places.ts';

/** Where the values of a fact stand. */
export interface ValueField {
  readonly field: Field;
  readonly message: Hl7Message;
  /** What the sender's own values mean; one that is not here is taken as it stands. */
  readonly meanings: ReadonlyMap<string, readonly string[]>;
}

/**
 * OBX-5 of a fact, one entry per repetition; undefined when it states nothing that can be read. In a set an unknown value
 * beside a known one is left out and told; alone, or where the code has room for one only, nothing is stated: a need or a
 * consent is never guessed (SAL-3). What was never true (`D`) needs no value.
 */
export function readFactValues(
  code: FactCode,
  status: FactStatus,
  { field, message, meanings }: ValueField,
  place: string,
  findings: Findings,
): readonly string[] | undefined {
  if (code === 'INFO') return [freeText(field, message)];
  const isText = FACT_VALUES[code].allowed === undefined;
  const written = field.repetitions.flatMap((repetition) => {
    const text = valueOf(repetition, isText, message);
    const meant = meanings.get(text) ?? [text];
    // `SOC&ROV` may mean both or anything: it is told that the second was not read.
    return !isText && saysMore(repetition) ? [...meant, repetition.raw] : meant;
  });
  return allowedValues(code, status, written, place, findings);
}

/** Of what was written as the values of a fact what the code may hold; undefined when that is nothing. */
export function allowedValues(
  code: FactCode,
  status: FactStatus,
  written: readonly string[],
  place: string,
  findings: Findings,
): readonly string[] | undefined {
  const { allowed, values } = FACT_VALUES[code];
  // Codes and answers are in capitals, whether their sender holds the key down or not.
  const isCode = (text: string): boolean => Array.isArray(allowed) || (values === 'answer' && text.length === 1);
  const stated = [
    ...new Set(written.filter((text) => text !== '').map((text) => (isCode(text) ? text.toUpperCase() : text))),
  ];
  const known = inFixedOrder(stated.filter(isAllowed(allowed)), allowed);
  if (known.length === 0 || !agree(code, stated)) {
    if (status === 'D') return [];
    findings.unstated('unknown-fact-value', place);
    return undefined;
  }
  if (known.length < stated.length) findings.flag('unknown-fact-value', place);
  return known;
}

/** True when a component has more than its first subcomponent, which is all that is read of a code. */
export function saysMore(repetition: Repetition, component = 1): boolean {
  return [2, 3].some((part) => (repetition.text(component, part)?.trim() ?? '') !== '');
}

/** A code is the first component; a text is all of it, but for an HSA-id that stands before its name. */
function valueOf(repetition: Repetition, isText: boolean, message: Hl7Message): string {
  const first = repetition.text(1)?.trim() ?? '';
  return !isText || isHsaId(first) ? first : wholeTextOf(repetition, message).trim();
}

/** The whole of OBX-5, decoded; repetitions are lines. */
function freeText(field: Field, message: Hl7Message): string {
  return field.repetitions.map((repetition) => wholeTextOf(repetition, message)).join('\n');
}

/** A sender may leave `^` and `&` unescaped in free text; those at its end say nothing. */
function wholeTextOf({ raw }: Repetition, { reading }: Hl7Message): string {
  const { component, subcomponent = component } = reading.delimiters;
  let end = raw.length;
  while (end > 0 && (raw[end - 1] === component || raw[end - 1] === subcomponent)) end--;
  const written = raw.slice(0, end);
  return written === '""' ? '' : unescapeText(written, reading.delimiters, reading.charset);
}

function isAllowed(allowed: FactValueRule['allowed']): (text: string) => boolean {
  if (allowed === undefined) return () => true;
  return typeof allowed === 'function' ? allowed : (text) => allowed.includes(text);
}

function inFixedOrder(values: readonly string[], allowed: FactValueRule['allowed']): readonly string[] {
  if (allowed === undefined) return values;
  return typeof allowed === 'function' ? [...values].sort() : allowed.filter((value) => values.includes(value));
}

/** Values of several OBX of one set, each once, in the fixed order of their code. */
function union(code: FactCode, ...lists: readonly (readonly string[])[]): readonly string[] {
  return inFixedOrder([...new Set(lists.flat())], FACT_VALUES[code].allowed);
}

/** A fact and the OBX that stated it (`OBX[3]`). */
export interface PlacedFact {
  readonly fact: Fact;
  readonly place: string;
}

/**
 * The facts of one message, when several OBX speak of one thing at one time (DEC-26):
 *
 *   sets (NEED, BASIS, CONTACT ...)  their union; `NONE` beside a scope of need: the scope holds, flagged
 *   INFO                             lines of one text, in the order of the message; a line may be empty, a whole text may not
 *   all others                       said twice alike it is said once; two values exclude each other, and neither is stated
 *
 * Whatever the order of the OBX, but for the lines of INFO, the facts are the same and stand in the same order.
 */
export function joinFacts(stated: readonly PlacedFact[], findings: Findings): Fact[] {
  if (stated.length === 0) return [];
  const groups = Map.groupBy(stated, ({ fact }) => keyOf(fact));
  const facts = [...groups.values()].flatMap((group) => joined(group, findings) ?? []);
  return facts.sort((a, b) => compareTexts(orderOf(a), orderOf(b)));
}

/**
 * What makes OBX speak of one thing. A correction means one fact by its own OBX-14 (DEC-19), so that two of them are joined
 * only when they mean the same. Needs of one time are one need, whatever stands in OBX-4 (DEC-26).
 */
function keyOf({ code, scopes, status, at, stated }: Fact): string {
  const named = code === 'NEED' ? '' : scopes.join('+');
  return [code, named, status, status === 'F' ? at : (stated ?? at)].join('|');
}

function joined(group: readonly PlacedFact[], findings: Findings): Fact | undefined {
  // Which of several OBX gives the fact its name must not hang on their order.
  const [first] = [...group].sort((a, b) => compareTexts(nameOf(a.fact), nameOf(b.fact)));
  const place = `${group.at(-1)?.place ?? 'OBX'}-5`;
  if (first === undefined) return undefined;
  const values = valuesOf(group, place, findings);
  if (values === undefined) return undefined;
  const judges = [...new Set(group.map(({ fact }) => fact.judgedBy))];
  const { judgedBy, ...fact } = first.fact;
  const named = group.map((one) => one.fact.scopes);
  const scopes = named.some((one) => one.length === 0) ? [] : SCOPES.filter((scope) => named.flat().includes(scope));
  return { ...fact, scopes, values, ...(judges.length === 1 && judgedBy !== undefined && { judgedBy }) };
}

function valuesOf(group: readonly PlacedFact[], place: string, findings: Findings): readonly string[] | undefined {
  const [code, status] = [group[0]?.fact.code ?? 'INFO', group[0]?.fact.status];
  const lists = group.map(({ fact }) => fact.values);
  if (code === 'INFO') {
    const text = lists.map(([line = '']) => line).join('\n');
    if (text.trim() !== '') return [text];
    if (status === 'D') return [];
    findings.unstated('unknown-fact-value', place);
    return undefined;
  }
  const all = union(code, ...lists);
  if (code === 'NEED' && all.length > 1 && all.includes('NONE')) {
    findings.flag('need-and-none', place);
    return all.filter((value) => value !== 'NONE');
  }
  if (agree(code, all)) return all;
  findings.unstated('contradicting-facts', place);
  return undefined;
}

/** An OBX with a time of its own before one without. */
function nameOf({ stated, at, judgedBy = '' }: Fact): string {
  return `${stated === undefined ? 1 : 0} ${stated ?? at} ${judgedBy}`;
}

function orderOf({ code, at, scopes, status, stated = '' }: Fact): string {
  const rank = String(FACT_CODES.indexOf(code)).padStart(2, '0');
  return [rank, String(at).padStart(16, '0'), scopes.join('+'), status, stated].join(' ');
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
