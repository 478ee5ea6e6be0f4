import { isWrittenAsCode } from '../deviations/deviation.ts';
import { pairCounts, type PairKind, PAIRS, SIDES } from './pairs.ts';
import { type Flag, limitsOf, type MonthOfUnit, type Rate, rates } from '../patterns/rates.ts';
import { type CountedStay, type Dimension, DISCHARGES, type MonthLine, type MonthTable } from './month-table.ts';

/** The table of a closed month, as it was published (rules 12.5). */
export interface PublishedMonth extends MonthTable {
  /** `2026-05`. */
  readonly month: string;
  readonly publishedAt: string;
  /** A count below it is not shown. */
  readonly threshold: number;
  /** What comes back in it; absent of a month that was published before the hub looked for that. */
  readonly recurring?: Recurring;
}

/** What comes back in a month (`feed/published-month.ts`). */
interface Recurring {
  readonly units: readonly RecurringUnit[];
  readonly pairs: readonly RecurringPair[];
}

/** A unit's month, in the numbers of the published table. */
type RecurringUnit = Pick<Rate, 'unit' | 'within' | 'count' | 'of' | 'flags'> & { readonly measure: string };

/** A pair without a number of any kind: from the numbers of several pairs a small one could be worked out. */
interface RecurringPair {
  readonly measure: string;
  readonly kind: PairKind;
  readonly first: string;
  readonly second: string;
}

/** The codes that a month has counts of, in their order: beside them it counts stays that ended, needs and calls. */
export function codesIn({ lines }: Pick<PublishedMonth, 'lines'>): string[] {
  return [...new Set(lines.map(({ measure }) => measure))].filter(isWrittenAsCode).sort();
}

/** The counts of a measure by one dimension. */
export function countsOf(
  { lines }: Pick<MonthTable, 'lines'>,
  measure: string,
  dimension: Dimension,
): readonly MonthLine[] {
  return lines.filter((line) => line.measure === measure && line.dimension === dimension);
}

/**
 * The share of a measure of each unit and month, from the published tables alone: so it tells no more than they do. A month in
 * which a unit's count is held back, or zero, is not among them.
 */
export function ratesOf(months: readonly Pick<PublishedMonth, 'month' | 'lines'>[], measure: string): Rate[] {
  return rates(
    months.flatMap((month): MonthOfUnit[] => {
      const ended = countsOf(month, DISCHARGES, 'unit');
      return countsOf(month, measure, 'unit').flatMap(({ value: unit, within, count }) => {
        const of = ended.find((line) => line.value === unit && line.within === within)?.count;
        return of === undefined ? [] : [{ unit, within, month: month.month, count, of }];
      });
    }),
  );
}

/*
 * What comes back is for Storsthlm and HSF together, not for the two units of one stay (AVV-04). The hub finds it when a month is
 * published, and puts it to both with the month's table:
 *
 *   unit   its share of a code lies above its own past or its peers, or has been above for eight months (`rates.ts`)
 *   pair   two that work together have a code oftener than all stays of the month have: three standard errors above their share
 *
 * A single case is never escalated by the hub: breaches are solved by the two units first (AVV-05).
 */

const UPWARDS: ReadonlySet<Flag> = new Set<Flag>(['above-own-past', 'eight-above', 'above-peers']);

/**
 * The units that a month tells of. They follow from the published tables alone, so they tell no more than those do.
 * @param months the month, and the published ones before it
 */
export function recurringUnits(
  months: readonly Pick<PublishedMonth, 'month' | 'lines'>[],
  month: string,
): RecurringUnit[] {
  const own = months.find((one) => one.month === month);
  return (own ? codesIn(own) : []).flatMap((measure) =>
    ratesOf(months, measure)
      .filter((rate) => rate.month === month && rate.flags.some((flag) => UPWARDS.has(flag)))
      .map(({ unit, within, count, of, flags }) => ({ measure, unit, within, count, of, flags })),
  );
}

/**
 * The pairs that a month tells of. One is named only where whom it is told of cannot be a few: the stays of the code in the pair,
 * its stays without the code, and the stays of the code that each of the two has outside the pair are each none or as many as the
 * threshold. The share that it is set against is that of the table's totals.
 */
export function recurringPairs(
  stays: readonly CountedStay[],
  lines: PublishedMonth['lines'],
  threshold: number,
): RecurringPair[] {
  const totalOf = (measure: string): number | undefined =>
    lines.find((line) => line.measure === measure && line.dimension === 'total')?.count;
  const ended = totalOf(DISCHARGES);
  const pairs = pairCounts(stays);
  const ofEach = codesOfEach(stays);
  const isSmall = (count: number): boolean => count > 0 && count < threshold;
  return codesIn({ lines }).flatMap((measure) => {
    const total = totalOf(measure);
    if (total === undefined || ended === undefined) return [];
    return pairs.flatMap(({ kind, first, second, of, hits }): RecurringPair[] => {
      const count = hits[measure] ?? 0;
      const outside = [first, second].map((name, side) => (ofEach.get(nameOf(kind, side, name, measure)) ?? 0) - count);
      const limits = limitsOf(total / ended, of);
      const isAbove = limits !== undefined && count / of > limits.high;
      const isTold = count >= threshold && ![of - count, ...outside].some(isSmall) && isAbove;
      return isTold ? [{ measure, kind, first, second }] : [];
    });
  });
}

const nameOf = (kind: PairKind, side: number, name: string, code: string): string =>
  JSON.stringify([kind, side, name, code]);

/** In how many stays each code stood of everybody who is a side of pairs, with whomever. */
function codesOfEach(stays: readonly CountedStay[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { profile, codes } of stays.filter((stay) => stay.profile.isCounted)) {
    for (const kind of PAIRS) {
      for (const [side, name] of SIDES[kind](profile).entries()) {
        if (name === undefined) continue;
        for (const code of codes) {
          const key = nameOf(kind, side, name, code);
          found.set(key, (found.get(key) ?? 0) + 1);
        }
      }
    }
  }
  return found;
}
