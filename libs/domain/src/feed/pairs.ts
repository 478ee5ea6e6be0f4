import type { CountedStay } from './month-table.ts';
import { wilson, type Interval } from '../patterns/rates.ts';
import type { StayProfile } from '../patterns/stay-profile.ts';

/** Who has to work together (rules 12.7): a clinic with a board or municipality, and those with a hospital. */
export const PAIRS = ['clinic-board', 'board-hospital'] as const;
export type PairKind = (typeof PAIRS)[number];

/** How often a measure holds of the stays that two had in common. */
export interface PairRate {
  readonly first: string;
  readonly second: string;
  readonly count: number;
  readonly of: number;
  readonly rate: number;
  readonly interval: Interval;
}

/** Who the two of a pair are in a stay, where both are known. */
export const SIDES: Readonly<
  Record<PairKind, (profile: StayProfile) => readonly [string | undefined, string | undefined]>
> = {
  'clinic-board': ({ clinic, board }) => [clinic, board],
  'board-hospital': ({ board, organisation }) => [board, organisation],
};

/** What two had in common: so many stays, and in how many of them each code stood. It can be added up over months. */
export interface PairCounts {
  readonly kind: PairKind;
  readonly first: string;
  readonly second: string;
  readonly of: number;
  readonly hits: Readonly<Record<string, number>>;
}

type Names = Pick<PairCounts, 'first' | 'second'>;
const nameOf = ({ first, second }: Names): string => JSON.stringify([first, second]);

/** The pairs of some stays. */
export function pairCounts(stays: readonly CountedStay[]): PairCounts[] {
  return PAIRS.flatMap((kind) => {
    const shared = stays.flatMap(({ profile, codes }) => {
      const [first, second] = SIDES[kind](profile);
      return profile.isCounted && first !== undefined && second !== undefined ? [{ first, second, codes }] : [];
    });
    return [...Map.groupBy(shared, nameOf).values()].flatMap((all): PairCounts[] => {
      const [one] = all;
      const codes = [
        ...Map.groupBy(
          all.flatMap((stay) => stay.codes),
          String,
        ),
      ];
      const hits = Object.fromEntries(codes.map(([code, found]) => [code, found.length]));
      return one ? [{ kind, first: one.first, second: one.second, of: all.length, hits }] : [];
    });
  });
}

/**
 * The share of a measure among the stays of each pair, the most frequent first. Small numbers stand as they are: this is for who may
 * see each stay, and for nobody else (rules 12.5).
 * @param counts of one month or of several
 */
export function pairRates(counts: readonly PairCounts[], kind: PairKind, measure: string): PairRate[] {
  const own = counts.filter((one) => one.kind === kind);
  return [...Map.groupBy(own, nameOf).values()]
    .flatMap((all): PairRate[] => {
      const [one] = all;
      if (!one) return [];
      const { first, second } = one;
      const count = all.reduce((sum, { hits }) => sum + (hits[measure] ?? 0), 0);
      const of = all.reduce((sum, pair) => sum + pair.of, 0);
      return [{ first, second, count, of, rate: count / of, interval: wilson(count, of) }];
    })
    .sort((a, b) => b.count - a.count || b.of - a.of || (nameOf(a) < nameOf(b) ? -1 : 1));
}
