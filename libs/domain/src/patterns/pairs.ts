import type { CountedStay } from '../feed/month-table.ts';
import { wilson, type Interval } from './rates.ts';
import type { StayProfile } from './stay-profile.ts';

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

const SIDES: Readonly<Record<PairKind, (profile: StayProfile) => readonly [string | undefined, string | undefined]>> = {
  'clinic-board': ({ clinic, board }) => [clinic, board],
  'board-hospital': ({ board, organisation }) => [board, organisation],
};

const nameOf = ({ first, second }: Pick<PairRate, 'first' | 'second'>): string => JSON.stringify([first, second]);

/**
 * The share of a measure among the stays of each pair, the most frequent first. Small numbers stand as they are: this is for who may
 * see each stay, and for nobody else (rules 12.5).
 */
export function pairRates(stays: readonly CountedStay[], kind: PairKind, measure: string): PairRate[] {
  const shared = stays.flatMap(({ profile, codes }) => {
    const [first, second] = SIDES[kind](profile);
    if (!profile.isCounted || first === undefined || second === undefined) return [];
    return [{ first, second, isHit: codes.includes(measure) }];
  });
  return [...Map.groupBy(shared, nameOf).values()]
    .flatMap((all): PairRate[] => {
      const [one] = all;
      if (!one) return [];
      const [count, of] = [all.filter(({ isHit }) => isHit).length, all.length];
      const { first, second } = one;
      return [{ first, second, count, of, rate: count / of, interval: wilson(count, of) }];
    })
    .sort((a, b) => b.count - a.count || b.of - a.of || (nameOf(a) < nameOf(b) ? -1 : 1));
}
