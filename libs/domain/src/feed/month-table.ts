import { isInFeed } from '../deviation-cases/deviation-case.ts';
import type { NeedStated, PlanCall, StayProfile } from '../patterns/stay-profile.ts';

export type Dimension = 'total' | 'stratum' | 'unit' | 'municipality-kind' | 'municipality' | 'board' | 'sex' | 'age';

/** A stay that ended in the month, with the codes that lead its standing cases. */
export interface CountedStay {
  readonly profile: StayProfile;
  readonly codes: readonly string[];
}

/** A count that may be shown. `within`: the group that its category is one of. */
export interface MonthLine {
  readonly measure: string;
  readonly dimension: Dimension;
  readonly within: string;
  readonly value: string;
  readonly count: number;
}

/** A group of which something is held back. */
export type HiddenGroup = Pick<MonthLine, 'measure' | 'dimension' | 'within'>;

/** The table of a closed month, as it may leave the hub. */
export interface MonthTable {
  readonly lines: readonly MonthLine[];
  readonly hidden: readonly HiddenGroup[];
}

/** The denominator of every share: stays that ended in the month (STAT-10). */
export const DISCHARGES = 'discharges';

/** Stays of a month by what was said of need, per unit alone: no total of them is shown, or one could be worked out from it. */
export const NEED_MEASURES: Readonly<Record<NeedStated, string>> = {
  stated: 'need-stated',
  none: 'need-none',
  'not-stated': 'need-not-stated',
};

/** Stays of a month for which a plan was to be called to, by whether the region's open care did (LUS 4:1), per unit alone. */
export const CALL_MEASURES: Readonly<Record<PlanCall, string>> = {
  called: 'plan-called',
  'not-called': 'plan-not-called',
};

/** What is counted of a stay whose call never came, for one reason: shown besides `plan-not-called` or not at all. */
const NO_CALL = 'SIP-01';

/**
 * The table of a closed month (rules 12.5). A stay counts once in each measure: a code, or that it ended.
 *
 * What is counted is a tree, so that no category is in two groups: measure -> kind of hospital and care type -> unit, and
 * measure -> kind of municipality -> municipality -> district board; sex and age hang on the measure. Live rows tell how many there are of
 * a code in each kind and care type: so units are held back within those, as if every reader knew their total. Below a
 * group that is held back nothing is shown.
 */
export function monthTable(stays: readonly CountedStay[], threshold: number): MonthTable {
  const counted = stays.filter(({ profile }) => profile.isCounted);
  const table = new TableInTheMaking(
    threshold,
    counted.map(({ profile }) => profile),
  );
  table.addMeasure(
    DISCHARGES,
    counted.map(({ profile }) => profile),
  );
  const codes = [...new Set(counted.flatMap(({ codes }) => codes))].filter(isInFeed).sort();
  for (const code of codes) {
    table.addMeasure(
      code,
      counted.filter((one) => one.codes.includes(code)).map(({ profile }) => profile),
    );
  }
  table.addNeed();
  table.addCalls(counted);
  return { lines: table.lines, hidden: table.hidden };
}

const stratumOf = ({ hospitalKind, careType }: StayProfile): string => `${hospitalKind}/${careType}`;

class TableInTheMaking {
  readonly lines: MonthLine[] = [];
  readonly hidden: HiddenGroup[] = [];
  readonly #threshold: number;
  readonly #all: readonly StayProfile[];
  /** What ended, by group and category, where that is shown. */
  readonly #ended = new Map<string, number>();

  constructor(threshold: number, all: readonly StayProfile[]) {
    this.#threshold = threshold;
    this.#all = all;
  }

  addMeasure(measure: string, of: readonly StayProfile[]): void {
    const isTold = this.#add(measure, 'total', '', new Map([['', of.length]]));
    if (!isTold.has('')) return;
    this.#addTree(measure, of, ['stratum', stratumOf], ['unit', ({ unit }) => unit]);
    const municipality = (one: StayProfile): string => one.municipality ?? 'unknown';
    this.#addTree(measure, of, ['municipality-kind', (one) => one.municipalityKind], ['municipality', municipality]);
    this.#addBoards(measure, of);
    this.#add(
      measure,
      'sex',
      '',
      countBy(of, ({ sex }) => sex),
    );
    this.#add(
      measure,
      'age',
      '',
      countBy(of, ({ age }) => age),
    );
  }

  /** Of each unit whose three counts can all be shown; that a unit is not there tells nothing, not even that it had a stay. */
  addNeed(): void {
    for (const [unit, stays] of Map.groupBy(this.#all, (one) => one.unit)) {
      const isShown = this.#isShown(DISCHARGES, unit);
      const byNeed = countBy(stays, ({ need }) => need);
      const isSmall = [...byNeed.values()].some((count) => count < this.#threshold);
      for (const [need, measure] of Object.entries(NEED_MEASURES)) {
        const count = byNeed.get(need) ?? 0;
        if (isShown && !isSmall && count > 0)
          this.lines.push({ measure, dimension: 'unit', within: '', value: unit, count });
      }
    }
  }

  /**
   * Of each unit whose need is shown: how many of the stays for which a plan was to be called to had the call. Who was not called is
   * mostly `SIP-01`, of which live rows are there to be counted: so the two are shown where that is shown too, or nobody has it
   * among the unit's peers; and those for whom no plan was to be made must not be few among those with a need.
   */
  addCalls(counted: readonly CountedStay[]): void {
    for (const [unit, stays] of Map.groupBy(counted, ({ profile }) => profile.unit)) {
      const counts = (call: PlanCall): number => stays.filter(({ profile }) => profile.call === call).length;
      const [called, notCalled] = [counts('called'), counts('not-called')];
      const noPlan = stays.filter(({ profile }) => profile.need === 'stated').length - called - notCalled;
      const isSmall = [called, notCalled, noPlan].some((count) => count !== 0 && count < this.#threshold);
      const peers = new Set(stays.map(({ profile }) => stratumOf(profile)));
      const isKnown =
        this.#isShown(NO_CALL, unit) ||
        !counted.some(({ profile, codes }) => peers.has(stratumOf(profile)) && codes.includes(NO_CALL));
      if (isSmall || !isKnown || !this.#isShown(NEED_MEASURES.stated, unit)) continue;
      const add = (measure: string, count: number): void => {
        if (count > 0) this.lines.push({ measure, dimension: 'unit', within: '', value: unit, count });
      };
      add(CALL_MEASURES.called, called);
      add(CALL_MEASURES['not-called'], notCalled);
    }
  }

  #isShown(measure: string, unit: string): boolean {
    return this.lines.some((line) => line.measure === measure && line.dimension === 'unit' && line.value === unit);
  }

  /** Boards of each municipality that is shown and has some: one that is not divided is its own, and stands there already. */
  #addBoards(measure: string, of: readonly StayProfile[]): void {
    const divided = new Set(
      this.#all.flatMap(({ board, municipality }) =>
        board === undefined || board === municipality ? [] : municipality,
      ),
    );
    for (const [municipality = '', some] of Map.groupBy(of, (one) => one.municipality)) {
      const isShown = this.lines.some(
        (line) => line.measure === measure && line.dimension === 'municipality' && line.value === municipality,
      );
      const boards = countBy(some, ({ board }) => board ?? municipality);
      if (isShown && divided.has(municipality)) this.#add(measure, 'board', municipality, boards);
    }
  }

  #addTree(measure: string, of: readonly StayProfile[], [outer, outerOf]: Level, [inner, innerOf]: Level): void {
    const told = this.#add(measure, outer, '', countBy(of, outerOf));
    for (const [within, some] of Map.groupBy(of, outerOf)) {
      // The parts of a group that is held back would tell its total.
      if (told.has(within)) this.#add(measure, inner, within, countBy(some, innerOf));
    }
  }

  #add(measure: string, dimension: Dimension, within: string, counts: Counts): Counts {
    const told = this.#shown(measure, dimension, within, counts);
    for (const [value, count] of told.counts) this.lines.push({ measure, dimension, within, value, count });
    if (told.isHidden) this.hidden.push({ measure, dimension, within });
    if (measure === DISCHARGES) {
      for (const [value, count] of told.counts) this.#ended.set(`${dimension}|${within}|${value}`, count);
    }
    return told.counts;
  }

  #shown(measure: string, dimension: Dimension, within: string, counts: Counts): ReturnType<typeof shown> {
    const isGuarded = GUARDED.has(dimension);
    if (measure === DISCHARGES) {
      // Where all that ended is of one category, each single live row of a code would be known to be of it.
      const isOfOne = isGuarded && counts.size === 1;
      return isOfOne ? { counts: new Map(), isHidden: true } : shown(counts, this.#threshold, () => false);
    }
    return shown(counts, this.#threshold, (value, count) => {
      const ended = this.#ended.get(`${dimension}|${within}|${value}`);
      // Of what is not shown to have ended nothing is shown to have failed; and where nearly all failed, the few others are
      // a small number too.
      if (ended === undefined) return isGuarded;
      return ended > count && ended - count < this.#threshold;
    });
  }
}

/** What stands in no live row (rules 12.5). */
const GUARDED: ReadonlySet<Dimension> = new Set<Dimension>(['unit', 'municipality', 'board', 'sex', 'age']);

type Level = readonly [dimension: Dimension, categoryOf: (stay: StayProfile) => string];

function countBy(stays: readonly StayProfile[], categoryOf: (stay: StayProfile) => string): Counts {
  return new Map([...Map.groupBy(stays, categoryOf)].map(([category, some]) => [category, some.length]));
}

/**
 * Small numbers (rules 12.5; the threshold is an inference, rules 9). A count below the threshold is held back, and with it
 * so much else of its group that it cannot be worked out from the rest.
 */

/** Counts of one group by category: together they are the group's total, which a reader may know. */
type Counts = ReadonlyMap<string, number>;

/**
 * What of a group may be shown.
 *
 * A group in which no count is small is shown whole. Otherwise the small ones are held back, and after them the smallest of
 * the rest, until those that are held back come to the threshold even without the largest of them: then neither the total
 * minus what is shown tells one of them, nor can whoever knows one of them, because it is its own, work out the others.
 * Zero is not shown: it looks like what is held back.
 *
 * @param isSmall besides the count itself: what else makes a category small, such as few of its denominator that are left
 * @returns the counts to show, and whether anything is held back
 */
export function shown(
  counts: Counts,
  threshold: number,
  isSmall: (category: string, count: number) => boolean,
): { readonly counts: Counts; readonly isHidden: boolean } {
  const positive = [...counts].filter(([, count]) => count > 0).sort(bySize);
  const hidden = positive.filter(([category, count]) => count < threshold || isSmall(category, count));
  if (hidden.length === 0) return { counts: new Map(positive), isHidden: false };
  const rest = positive.filter((one) => !hidden.includes(one));
  while (rest.length > 0 && !isEnough(hidden, threshold)) hidden.push(...rest.splice(0, 1));
  return { counts: new Map(rest), isHidden: true };
}

function isEnough(hidden: readonly (readonly [string, number])[], threshold: number): boolean {
  const sizes = hidden.map(([, count]) => count);
  return sizes.reduce((sum, size) => sum + size, 0) - Math.max(...sizes) >= threshold;
}

/** Smallest first; of equal ones by name, so that the same counts are always shown alike. */
function bySize([a, m]: readonly [string, number], [b, n]: readonly [string, number]): number {
  return m - n || (a < b ? -1 : 1);
}
