import type { Recipient, RoutingDecision, WaitingNeed } from './decision.ts';
import { factText, roleText } from './fact-text.ts';
import type { Party } from '../parties/party.ts';
import { NOT_REACHED } from '../parties/party.ts';
import type { FactName, RoutingFacts } from './routing-facts.ts';
import { ROUTING_RULE_IDS, routingRuleOn } from './routing-rules.ts';
import type { TraceLine } from './routing-rules.ts';

/**
 * A decision with all its reasons: the facts and where they come from, the rules in their order with paragraph and the day from
 * which each row holds, and who was not chosen and why. It is content (rules 12.5): the whole is the operator's alone.
 */
export interface ExplainedDecision {
  readonly directoryVersion: string;
  readonly date: string;
  readonly facts: readonly { readonly fact: FactName; readonly value: unknown; readonly source: string }[];
  readonly municipalities: {
    readonly registered?: string;
    readonly staying?: string;
    readonly careResponsible?: string;
    readonly paymentLiable?: string;
  };
  readonly recipients: readonly ExplainedRecipient[];
  readonly byHand: readonly (Omit<WaitingNeed, 'trace'> & { readonly why: readonly ExplainedLine[] })[];
  readonly added: readonly { readonly party: string; readonly name: string; readonly by: string }[];
  readonly withdrawn: RoutingDecision['withdrawn'];
  readonly notChosen: readonly (ExplainedLine & { readonly candidate: string })[];
  /** The rules that were applied, in their order, each once. */
  readonly rules: readonly { readonly rule: string; readonly basis: string; readonly from: string }[];
}

interface ExplainedRecipient extends Pick<Recipient, 'roles' | 'scopes' | 'confidence'> {
  readonly party: string;
  readonly name: string;
  readonly desk?: string;
  readonly outOfHours?: string;
  readonly why: readonly ExplainedLine[];
}

interface ExplainedLine {
  readonly rule: string;
  readonly basis?: string;
  readonly text: string;
}

/**
 * The decision as it is written down: plain data, without the directory's rows.
 * @param sources where its facts come from; what they say themselves goes before
 */
export function explained(decision: RoutingDecision, sources: RoutingFacts['sources'] = {}): ExplainedDecision {
  const { directoryVersion, date, municipalities, recipients, byHand, added, withdrawn, notChosen } = decision;
  const { trace, ...codes } = municipalities;
  const why = (lines: readonly TraceLine[]): ExplainedLine[] => lines.map((line) => explainedLine(line, date));
  return {
    ...{ directoryVersion, date, facts: statedFacts(decision, sources), municipalities: codes },
    recipients: recipients.map(({ party, roles, scopes, confidence, desk, trace: lines }) => ({
      ...{ party: party.id, name: party.name, roles, scopes, confidence },
      ...(desk && { desk: desk.name }),
      ...reached(party),
      why: why(lines),
    })),
    byHand: byHand.map(({ trace: lines, ...waiting }) => ({ ...waiting, why: why(lines) })),
    added: added.map(({ party, by }) => ({ party: party.id, name: party.name, by })),
    withdrawn,
    notChosen: notChosen.map(({ candidate, ...line }) => ({ candidate, ...explainedLine(line, date) })),
    rules: appliedRules({ ...decision, municipalities: { trace } }),
  };
}

function reached({ outOfHours }: Party): { readonly outOfHours?: string } {
  return outOfHours === undefined ? {} : { outOfHours };
}

function explainedLine({ rule, text }: TraceLine, date: string): ExplainedLine {
  const id = ROUTING_RULE_IDS.find((one) => one === rule);
  return { rule, ...(id && { basis: routingRuleOn(id, date).basis }), text };
}

/** The rules that a decision applied, in their order, each once. */
export function appliedRules(
  decision: Omit<RoutingDecision, 'municipalities'> & {
    readonly municipalities: { readonly trace: readonly TraceLine[] };
  },
): ExplainedDecision['rules'] {
  const { municipalities, recipients, byHand, added, notChosen, date } = decision;
  const names = new Set<string>();
  for (const { trace } of [municipalities, ...recipients, ...byHand, ...added]) {
    for (const { rule } of trace) names.add(rule);
  }
  for (const { rule } of notChosen) names.add(rule);
  const rules: ExplainedDecision['rules'][number][] = [];
  for (const rule of names) {
    const id = ROUTING_RULE_IDS.find((one) => one === rule);
    if (!id) continue;
    const { basis, from } = routingRuleOn(id, date);
    rules.push({ rule, basis, from });
  }
  return rules;
}

/** The facts that a decision was made from. @param sources where they come from; what they say themselves goes before */
export function statedFacts(
  { facts: { sources: own, ...facts } }: RoutingDecision,
  sources: NonNullable<RoutingFacts['sources']>,
): ExplainedDecision['facts'] {
  const stated: ExplainedDecision['facts'][number][] = [];
  for (const [name, value] of Object.entries(facts)) {
    const fact = name as FactName;
    const empty = Array.isArray(value) && value.length === 0 && fact !== 'need';
    if (!empty) stated.push({ fact, value, source: own?.[fact] ?? sources[fact] ?? 'uppgift i ärendet' });
  }
  return stated;
}

/** The decision as Swedish text, for people. */
export function decisionText(decision: RoutingDecision, sources: RoutingFacts['sources'] = {}): string {
  const { date, directoryVersion, municipalities, recipients, byHand, added, withdrawn, notChosen, facts, rules } =
    explained(decision, sources);
  const { registered, staying, careResponsible, paymentLiable } = municipalities;
  const blocks: (readonly string[])[] = [
    [`Beslut om mottagare den ${date}, katalog ${directoryVersion}`],
    [
      'Kommuner',
      `  folkbokförd: ${registered ?? 'okänd'}${staying === undefined ? '' : `; vistas i: ${staying}`}`,
      `  ansvarar för insatser: ${careResponsible ?? 'okänd'}; betalningsansvarig: ${paymentLiable ?? 'ingen'}`,
    ],
    [
      'Mottagare',
      ...(recipients.length === 0 ? ['  ingen'] : []),
      ...recipients.flatMap(({ party, name, scopes, desk, outOfHours, confidence, why }) => [
        `  ${name} (${party}): ${scopes.join(' ')}${desk === undefined ? '' : `, ${desk}`}${confidence === 'LOW' ? ', säkerhet LÅG' : ''}`,
        ...(outOfHours === undefined
          ? []
          : [`    utom kontorstid: ${outOfHours === NOT_REACHED ? 'nås inte' : outOfHours}`]),
        ...why.map(lineText),
      ]),
    ],
    byHand.length === 0
      ? []
      : [
          'Väljs för hand',
          ...byHand.flatMap(({ role, scopes, queue, proposals, why }) => [
            `  ${roleText(role)}: ${scopes.join(' ')}${queue === undefined ? '' : `, kö ${queue}`}${proposals.length === 0 ? '' : `, förslag ${proposals.join(', ')}`}`,
            ...why.map(lineText),
          ]),
        ],
    added.length === 0 ? [] : ['Tillagda', ...added.map(({ name, party, by }) => `  ${name} (${party}), av ${by}`)],
    withdrawn.length === 0
      ? []
      : [
          'Återtas',
          ...withdrawn.map(({ party, breach }) => `  ${party}${breach ? ': utred som felsänt (SEK-02)' : ''}`),
        ],
    notChosen.length === 0
      ? []
      : ['Inte valda', ...notChosen.map(({ candidate, rule, text }) => `  ${candidate}: ${text} [${rule}]`)],
    ['Uppgifter', ...facts.map(({ fact, value, source }) => `  ${factText(fact, value)} (${source})`)],
    ['Regler', ...rules.map(({ rule, basis, from }) => `  ${rule}: ${basis} (från ${from})`)],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

function lineText({ rule, text }: ExplainedLine): string {
  return `    ${text} [${rule}]`;
}
