import { agree, FACT_CODES, type Fact } from '#libs/domain';
import { union } from './fact-values.ts';
import type { Findings } from '../findings.ts';

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
  const groups = Map.groupBy(stated, ({ fact }) => keyOf(fact));
  const facts = [...groups.values()].flatMap((group) => joined(group, findings) ?? []);
  return facts.sort((a, b) => compareTexts(orderOf(a), orderOf(b)));
}

/**
 * What makes OBX speak of one thing. A correction means one fact by its own OBX-14 (DEC-19), so that two of them are joined
 * only when they mean the same.
 */
function keyOf({ code, scopes, status, at, stated }: Fact): string {
  return [code, scopes.join('+'), status, status === 'F' ? at : (stated ?? at)].join('|');
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
  return { ...fact, values, ...(judges.length === 1 && judgedBy !== undefined && { judgedBy }) };
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
