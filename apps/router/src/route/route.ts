import { parseArgs } from 'node:util';
import { loadCounty } from '#libs/county';
import { decide, decisionText, explained, isLocalDate, localDate } from '#libs/domain';
import { readFacts } from './facts-file.ts';

/** `npm run route`: who would be told, and why, of facts in a file. Nothing runs and nothing is stored. */

export const USAGE = `npm run route -- --facts FILE [--at YYYY-MM-DD] [--json]
Says who is told by the county's directory and the rules of the day, and why; --json as JSON, with every reason.
Without --at it is the day that the file names (at), else today. FILE: schemas/directory/routing-facts.json.`;

/** Wrong arguments: the message says which. */
export class UsageProblem extends Error {}

interface RouteQuestion {
  readonly factsFile: string;
  readonly at?: string;
  readonly json: boolean;
}

/** The question on a command line. @throws UsageProblem */
export function readQuestion(args: readonly string[]): RouteQuestion {
  const { facts, at, json } = parsed(args);
  if (facts === undefined) throw new UsageProblem('--facts is missing');
  if (at !== undefined && !isLocalDate(at)) throw new UsageProblem(`--at ${at} is no day such as 2026-05-04`);
  return { factsFile: facts, json, ...(at !== undefined && { at }) };
}

/**
 * Answers it.
 * @param countyDir folder of the county's files
 * @param now instant of the machine's clock, for the day that nobody has named
 * @returns the decision as text or JSON
 * @throws CountyError, FactsProblem
 */
export function answer({ factsFile, at, json }: RouteQuestion, countyDir: string, now: number): string {
  const { facts, at: stated } = readFacts(factsFile);
  const decision = decide(facts, loadCounty(countyDir).directory, at ?? stated ?? localDate(now));
  return json ? JSON.stringify(explained(decision), null, 2) : decisionText(decision);
}

function parsed(args: readonly string[]) {
  try {
    const option = { type: 'string' } as const;
    const json = { type: 'boolean', default: false } as const;
    return parseArgs({ args: [...args], options: { facts: option, at: option, json } }).values;
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message : 'unreadable arguments');
  }
}
