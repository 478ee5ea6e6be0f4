import { isWrittenAsCode } from '../deviations/deviation.ts';
import type { PairKind } from '../patterns/pairs.ts';
import { rates, type MonthOfUnit, type Rate } from '../patterns/rates.ts';
import { DISCHARGES, type Dimension, type MonthLine, type MonthTable } from './month-table.ts';

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

/** What comes back in a month (`patterns/recurring.ts`). */
interface Recurring {
  readonly units: readonly RecurringUnit[];
  readonly pairs: readonly RecurringPair[];
}

/** A unit's month, in the numbers of the published table. */
export type RecurringUnit = Pick<Rate, 'unit' | 'within' | 'count' | 'of' | 'flags'> & { readonly measure: string };

/** A pair without a number of any kind: from the numbers of several pairs a small one could be worked out. */
export interface RecurringPair {
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
