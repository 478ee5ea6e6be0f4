/**
 * Rates of deviations over time (rules 12.7): per unit and month a share of its denominator, compared with its own past and
 * with its peers.
 *
 *   interval   Wilson's score interval, 95 %: it holds for few stays and for shares near 0 and 1
 *   own past   a p-chart: the pooled share of the months before, with limits of three standard errors for the month's own
 *              number of stays. A month outside is flagged; so is the eighth in a row on the same side of that share
 *   peers      the pooled share of the other units of the same kind and care type in that month, with limits of three
 *              standard errors (a funnel)
 *
 * A month needs six earlier ones with a shown count to be judged by its past, and a limit is none where fewer than five
 * would be expected on either side: there the normal approximation says nothing.
 */

/** A month of one unit: how many of how many. */
export interface MonthOfUnit {
  readonly unit: string;
  /** Kind of hospital and care type: units are peers within one. */
  readonly within: string;
  readonly month: string;
  readonly count: number;
  readonly of: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export type Flag = 'above-own-past' | 'below-own-past' | 'eight-above' | 'eight-below' | 'above-peers' | 'below-peers';

/** A month as it stands against past and peers. */
export interface Rate extends MonthOfUnit {
  readonly rate: number;
  readonly interval: Interval;
  /** Pooled share of the unit's earlier months, and the limits of this one. */
  readonly past?: { readonly rate: number; readonly limits?: Interval };
  readonly peers?: { readonly rate: number; readonly units: number; readonly limits?: Interval };
  readonly flags: readonly Flag[];
}

const Z_95 = 1.959964;
const SIGMAS = 3;
const MONTHS_BEFORE = 6;
const PAST_AT_MOST = 24;
const RUN = 8;
const LEAST_EXPECTED = 5;

/** Wilson's score interval of a share, 95 %. @param of at least 1 */
export function wilson(count: number, of: number): Interval {
  const share = count / of;
  const z2 = Z_95 ** 2;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z_95 / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Three standard errors around a share, for so many stays; undefined where too few are expected to say so. */
export function limitsOf(share: number, of: number): Interval | undefined {
  if (of * share < LEAST_EXPECTED || of * (1 - share) < LEAST_EXPECTED) return undefined;
  const half = SIGMAS * Math.sqrt((share * (1 - share)) / of);
  return { low: Math.max(0, share - half), high: Math.min(1, share + half) };
}

/**
 * Judges each month of each unit. Pure, and independent of the order of the months given.
 * @param months of one measure; a month without a shown count is simply not there
 */
export function rates(months: readonly MonthOfUnit[]): Rate[] {
  const known = months.filter(({ of }) => of > 0);
  const byUnit = Map.groupBy(known, ({ unit, within }) => `${within}|${unit}`);
  const byMonth = Map.groupBy(known, ({ month, within }) => `${within}|${month}`);
  return [...byUnit.values()].flatMap((own) => {
    const inOrder = [...own].sort((a, b) => (a.month < b.month ? -1 : 1));
    return inOrder.map((month, index) => {
      const peers = (byMonth.get(`${month.within}|${month.month}`) ?? []).filter(({ unit }) => unit !== month.unit);
      return rateOf(month, inOrder.slice(Math.max(0, index - PAST_AT_MOST), index), peers);
    });
  });
}

function rateOf(month: MonthOfUnit, before: readonly MonthOfUnit[], others: readonly MonthOfUnit[]): Rate {
  const rate = month.count / month.of;
  const past = before.length < MONTHS_BEFORE ? undefined : pooled(before);
  const peers = others.length === 0 ? undefined : pooled(others);
  const pastLimits = past === undefined ? undefined : limitsOf(past, month.of);
  const peerLimits = peers === undefined ? undefined : limitsOf(peers, month.of);
  const run = past === undefined ? undefined : runOf([...before, month]);
  return {
    ...month,
    ...{ rate, interval: wilson(month.count, month.of) },
    ...(past !== undefined && { past: { rate: past, ...(pastLimits && { limits: pastLimits }) } }),
    ...(peers !== undefined && {
      peers: { rate: peers, units: others.length, ...(peerLimits && { limits: peerLimits }) },
    }),
    flags: [
      ...outside(rate, pastLimits, 'above-own-past', 'below-own-past'),
      ...(run === undefined ? [] : [run]),
      ...outside(rate, peerLimits, 'above-peers', 'below-peers'),
    ],
  };
}

function pooled(months: readonly MonthOfUnit[]): number {
  const sum = (of: (month: MonthOfUnit) => number): number => months.reduce((total, month) => total + of(month), 0);
  return sum(({ count }) => count) / sum(({ of }) => of);
}

function outside(rate: number, limits: Interval | undefined, above: Flag, below: Flag): Flag[] {
  if (limits === undefined) return [];
  return rate > limits.high ? [above] : rate < limits.low ? [below] : [];
}

/** The eighth month in a row on the same side of the share of the months before the eight. */
function runOf(months: readonly MonthOfUnit[]): Flag | undefined {
  const [earlier, last] = [months.slice(0, -RUN), months.slice(-RUN)];
  if (earlier.length < MONTHS_BEFORE) return undefined;
  const share = pooled(earlier);
  if (last.every(({ count, of }) => count / of > share)) return 'eight-above';
  return last.every(({ count, of }) => count / of < share) ? 'eight-below' : undefined;
}
