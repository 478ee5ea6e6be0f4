import { DISCHARGES, type CountedStay } from '../feed/month-table.ts';
import { ratesOf, type PublishedMonth, type RecurringPair, type RecurringUnit } from '../feed/published-month.ts';
import { PAIRS, SIDES, type PairKind } from './pairs.ts';
import { limitsOf, type Flag } from './rates.ts';

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
  const lines = months.find((one) => one.month === month)?.lines ?? [];
  const measures = [...new Set(lines.map(({ measure }) => measure))].filter(isCode).sort();
  return measures.flatMap((measure) =>
    ratesOf(months, measure)
      .filter((rate) => rate.month === month && rate.flags.some((flag) => UPWARDS.has(flag)))
      .map(({ unit, within, count, of, flags }) => ({ measure, unit, within, count, of, flags })),
  );
}

/** Beside codes a table counts stays that ended, needs and calls. */
const isCode = (measure: string): boolean => /^[A-Z]{3}-\d{2}$/.test(measure);

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
  const counted = stays.filter(({ profile }) => profile.isCounted);
  const totalOf = (measure: string): number | undefined =>
    lines.find((line) => line.measure === measure && line.dimension === 'total')?.count;
  const ended = totalOf(DISCHARGES);
  const measures = [...new Set(counted.flatMap(({ codes }) => codes))].sort();
  return measures.flatMap((measure) => {
    const total = totalOf(measure);
    if (total === undefined || ended === undefined) return [];
    const isAbove = (count: number, of: number): boolean => {
      const limits = limitsOf(total / ended, of);
      return limits !== undefined && count / of > limits.high;
    };
    return PAIRS.flatMap((kind) => pairsAbove(counted, measure, kind, { threshold, isAbove }));
  });
}

interface Above {
  readonly threshold: number;
  readonly isAbove: (count: number, of: number) => boolean;
}

function pairsAbove(
  stays: readonly CountedStay[],
  measure: string,
  kind: PairKind,
  { threshold, isAbove }: Above,
): RecurringPair[] {
  const sided = stays.map(({ profile, codes }) => {
    const [first, second] = SIDES[kind](profile);
    return { first, second, has: codes.includes(measure) };
  });
  const with_ = sided.filter(({ has }) => has);
  const isSmall = (count: number): boolean => count > 0 && count < threshold;
  const names = new Map(sided.map(({ first, second }) => [JSON.stringify([first, second]), { first, second }]));
  return [...names.values()].flatMap(({ first, second }): RecurringPair[] => {
    if (first === undefined || second === undefined) return [];
    const of = sided.filter((one) => one.first === first && one.second === second).length;
    const count = with_.filter((one) => one.first === first && one.second === second).length;
    const outside = [
      with_.filter((one) => one.first === first).length - count,
      with_.filter((one) => one.second === second).length - count,
    ];
    const isTold = count >= threshold && ![of - count, ...outside].some(isSmall) && isAbove(count, of);
    return isTold ? [{ measure, kind, first, second }] : [];
  });
}
