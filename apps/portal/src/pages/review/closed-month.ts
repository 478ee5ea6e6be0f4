import { DISCHARGES, rates, type MonthOfUnit, type Rate } from '#libs/domain';

/** A closed month as it was published (`GET /deviation-feed/months/{yyyy-mm}`): counts, and where something is held back. */
export interface ClosedMonth {
  readonly month: string;
  readonly publishedAt: string;
  /** A count below it is not shown. */
  readonly threshold: number;
  readonly lines: readonly MonthCount[];
  readonly hidden: readonly Omit<MonthCount, 'value' | 'count'>[];
}

interface MonthCount {
  /** A code, `discharges` for the denominator, or what was said of need. */
  readonly measure: string;
  readonly dimension: string;
  /** Kind of hospital and care type, of a unit; empty of a total. */
  readonly within: string;
  readonly value: string;
  readonly count: number;
}

/** The codes that a month has counts of, in their order. */
export function codesIn({ lines }: Pick<ClosedMonth, 'lines'>): string[] {
  return [...new Set(lines.map(({ measure }) => measure))].filter((measure) => /^[A-Z]{3}-\d\d$/.test(measure)).sort();
}

/** The counts of a measure by one dimension. */
export function countsOf(
  { lines }: Pick<ClosedMonth, 'lines'>,
  measure: string,
  dimension: string,
): readonly MonthCount[] {
  return lines.filter((line) => line.measure === measure && line.dimension === dimension);
}

/** True where something of a measure is held back: then what is not there may be none, or too few to be shown. */
export function isHidden({ hidden }: Pick<ClosedMonth, 'hidden'>, measure: string, dimension: string): boolean {
  return hidden.some((line) => line.measure === measure && line.dimension === dimension);
}

/** The share of a measure of each unit and month, judged by its own past and by its peers. What is held back is not there. */
export function ratesOf(months: readonly ClosedMonth[], measure: string): Rate[] {
  return rates(
    months.flatMap((month): MonthOfUnit[] => {
      const stays = new Map(countsOf(month, DISCHARGES, 'unit').map(({ value, count }) => [value, count]));
      return countsOf(month, measure, 'unit').flatMap(({ value: unit, within, count }) => {
        const of = stays.get(unit);
        return of === undefined ? [] : [{ unit, within, month: month.month, count, of }];
      });
    }),
  );
}
