import type { Fact } from '#libs/domain';
import type { Findings } from './findings.ts';

/**
 * Several INFO of one scope, time and status in a message are lines of one text, joined in their order (contract 5). A
 * line may be empty, a whole text may not; the text that was never true (`D`) needs none.
 */
export function joinInformation(facts: readonly Fact[], findings: Findings): Fact[] {
  const joined = new Map<string, Fact>();
  for (const [index, fact] of facts.entries()) {
    const key = fact.code === 'INFO' ? `${fact.scopes.join('+')}|${fact.at}|${fact.status}` : String(index);
    const before = joined.get(key);
    joined.set(key, before ? { ...before, values: [`${textOf(before)}\n${textOf(fact)}`] } : fact);
  }
  return [...joined.values()].map((fact) => withoutEmptyText(fact, findings));
}

function withoutEmptyText(fact: Fact, findings: Findings): Fact {
  if (fact.code !== 'INFO' || textOf(fact).trim() !== '') return fact;
  if (fact.status !== 'D') findings.add('unknown-fact-value', 'OBX-5');
  return { ...fact, values: [] };
}

function textOf(fact: Fact): string {
  return fact.values[0] ?? '';
}
