import type { StayPlan } from '../county/county.ts';
import { HOSPITALS } from '../county/hospitals.ts';
import { CODES, isTold, responsibleFor } from '../county/truth.ts';
import type { Attributed, Observation, Statement } from './observation.ts';

/** How one code was met over all stays. Everything but `expected` and `found` has to be 0. */
export interface CodeCount {
  readonly code: string;
  readonly expected: number;
  readonly found: number;
  /** Had to be there, and was not. */
  readonly missed: number;
  /** Was there, and had not to be. */
  readonly false: number;
  /** Was there as it had to be, but laid on another. */
  readonly wrongParty: number;
  /** Was said before its own deadline, whatever became of it: nobody could know it then. */
  readonly wrongTime: number;
}

/** The codes of which a deviation stands from the start, and closes if what was missing comes by the deadline (DEC-16). */
export const SAID_AT_ONCE = new Set(['INS-05']);

/** What was said to stand while its own deadline, as it was then, was still to come. */
export function saidTooEarly(statements: readonly Statement[]): Statement[] {
  return statements.filter(
    // Without a time it cannot be shown to be right.
    ({ code, status, due, said }) => status !== 'cancelled' && !(said >= due) && !SAID_AT_ONCE.has(code),
  );
}

/** Counts code by code what was expected of a county, and what the hub showed of it. What it shows of no stay of the county is false. */
export function codeReport(plans: readonly StayPlan[], observation: Observation): CodeCount[] {
  const counts = new Map<string, Counting>(CODES.map((code) => [code, nothing()]));
  const of = (code: string): Counting => {
    const counting = counts.get(code) ?? nothing();
    counts.set(code, counting);
    return counting;
  };
  const visits = new Set(plans.map(({ visit }) => visit));
  for (const { visit, hospital, truth } of plans) {
    const expected = truth.deviations.map((code) => ({
      code,
      party: responsibleFor(code) === 'hub' ? 'hub' : HOSPITALS[hospital].organisation,
    }));
    const found = (observation.get(visit)?.deviations ?? []).filter(({ code }) => isTold(truth, code));
    countStay(expected, found, of);
  }
  for (const [visit, { deviations, statements }] of observation) {
    if (!visits.has(visit)) countStay([], deviations, of);
    for (const { code } of saidTooEarly(statements)) of(code).wrongTime += 1;
  }
  return [...counts].map(([code, counting]) => ({ code, ...counting }));
}

/** The counts of a code while stays are counted. */
export type Counting = { -readonly [Name in keyof Omit<CodeCount, 'code'>]: number };

/** A code of which nothing was expected and nothing found. */
export function nothing(): Counting {
  return { expected: 0, found: 0, missed: 0, false: 0, wrongParty: 0, wrongTime: 0 };
}

/** Counts one stay: what is right is taken out of both first, then what is only laid on another; the rest is missed or false. */
export function countStay(
  expected: readonly Pick<Attributed, 'code' | 'party'>[],
  found: readonly Attributed[],
  of: (code: string) => Counting,
): void {
  const left = [...found];
  const take = (matches: (one: Attributed) => boolean): boolean => {
    const index = left.findIndex(matches);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  };
  for (const { code } of expected) of(code).expected += 1;
  for (const { code } of found) of(code).found += 1;
  const missing = expected.filter(({ code, party }) => !take((one) => one.code === code && one.party === party));
  for (const { code } of missing) {
    if (take((one) => one.code === code)) of(code).wrongParty += 1;
    else of(code).missed += 1;
  }
  for (const { code } of left) of(code).false += 1;
}

/** True when nothing is missed, false, laid on another, or said too early. */
export function isAsExpected(report: readonly CodeCount[]): boolean {
  return report.every((one) => one.missed + one.false + one.wrongParty + one.wrongTime === 0);
}
