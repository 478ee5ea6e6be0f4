import { ANSWERED_CODES, type AnsweringStay } from '../county/answering.ts';
import type { Observation } from './observation.ts';
import { countStay, isAsExpected, nothing, saidTooEarly, type CodeCount } from './code-report.ts';
import type { Difference } from './scorer.ts';

/** How the duties of those who answer were met by the hub: code by code, and the stays that differ. */
export interface AnsweredScore {
  readonly byCode: readonly CodeCount[];
  readonly differences: readonly Difference[];
  readonly passed: boolean;
}

const listed = (all: readonly { readonly code: string; readonly party: string }[]): string =>
  all
    .map(({ code, party }) => `${code} of ${party}`)
    .sort()
    .join(', ') || 'nothing';

/** Compares what the hub lays on the parties of a county that answers with what they did; of its wards nothing is told here. */
export function scoreAnswered(stays: readonly AnsweringStay[], observation: Observation): AnsweredScore {
  const counts = new Map([...ANSWERED_CODES].map((code) => [code, nothing()]));
  const differences = stays.flatMap(({ visit, laid }): Difference[] => {
    const seen = observation.get(visit);
    const found = (seen?.deviations ?? []).filter(({ code }) => ANSWERED_CODES.has(code));
    countStay(laid, found, (code) => counts.get(code) ?? nothing());
    for (const { code } of saidTooEarly(seen?.statements ?? [])) (counts.get(code) ?? nothing()).wrongTime += 1;
    const [should, is] = [listed(laid), listed(found)];
    return should === is ? [] : [{ visit, scenario: 'answering', of: 'deviations', expected: should, found: is }];
  });
  const byCode = [...counts].map(([code, counting]) => ({ code, ...counting }));
  return { byCode, differences, passed: differences.length === 0 && isAsExpected(byCode) };
}
