import { describe, expect, it } from '@jest/globals';
import type { AgeBand, HospitalKind, MunicipalityKind, PlanCall, Sex, StayProfile } from '../patterns/stay-profile.ts';
import {
  CALL_MEASURES,
  type CountedStay,
  DISCHARGES,
  type MonthLine,
  monthTable,
  type MonthTable,
  shown,
} from './month-table.ts';

const K = 3;

interface Kind {
  readonly unit?: string;
  readonly hospitalKind?: HospitalKind;
  readonly municipality?: string;
  readonly municipalityKind?: MunicipalityKind;
  readonly board?: string;
  readonly call?: PlanCall;
  readonly sex?: Sex;
  readonly age?: AgeBand;
}

function profile({ unit = 'A', hospitalKind = 'region', municipality = '0184', ...more }: Kind): StayProfile {
  return {
    ...{ organisation: 'O', unit, hospitalKind, careType: 'SOM', municipality, municipalityKind: 'other' },
    ...{ sex: 'female', age: '80+', need: 'stated', isCounted: true, month: '2026-05' },
    ...more,
  };
}

const stay = (kind: Kind, codes: readonly string[] = ['INS-01']): CountedStay => ({ profile: profile(kind), codes });
const times = (n: number, kind: Kind, codes?: readonly string[]): CountedStay[] =>
  Array.from({ length: n }, () => stay(kind, codes));

const cell = ({ measure, dimension, within, value }: MonthLine): string =>
  [measure, dimension, within, value].join('|');

/** How many there are of a code or that ended, in each category of which no live row tells. */
function truth(stays: readonly CountedStay[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { profile, codes } of stays) {
    const call = profile.call === undefined ? [] : [CALL_MEASURES[profile.call]];
    for (const measure of [DISCHARGES, ...codes, ...call]) {
      for (const name of guardedCells(measure, profile)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

function guardedCells(
  measure: string,
  { unit, municipality = '', board = municipality, sex, age }: StayProfile,
): string[] {
  return [
    `${measure}|unit|${unit}`,
    `${measure}|municipality|${municipality}`,
    `${measure}|board|${board}`,
    `${measure}|sex|${sex}`,
    `${measure}|age|${age}`,
  ];
}

/** All ways to put `n` stays into these kinds. */
function* populations(kinds: number, n: number): Generator<number[]> {
  if (kinds === 1) {
    yield [n];
    return;
  }
  for (let first = 0; first <= n; first++) {
    for (const rest of populations(kinds - 1, n - first)) yield [first, ...rest];
  }
}

/** What a reader sees, and the number of live rows of each kind of hospital and municipality, which it may know (12.5). */
function seen(table: MonthTable, stays: readonly CountedStay[]): string {
  const live = Map.groupBy(
    stays.filter(({ codes }) => codes.length > 0),
    ({ profile: { hospitalKind, careType, municipalityKind } }) => [hospitalKind, careType, municipalityKind].join(),
  );
  const rows = [...live].map(([kind, some]) => `${kind}=${some.length}`).sort();
  return JSON.stringify([
    table.lines.map((line) => `${cell(line)}=${line.count}`).sort(),
    table.hidden.map((one) => JSON.stringify(one)).sort(),
    rows,
  ]);
}

/**
 * The attack: a reader who knows the rules and everything that is published tries every county there could be. A small number
 * is recovered when it is the same in all that look alike.
 */
function recovered(kinds: readonly CountedStay[], most: number): string[] {
  const alike = new Map<string, Map<string, Set<number>>>();
  const cells = [...truth(kinds).keys()];
  // A dimension of one category hides nothing from anybody: it is no part of this attack.
  const guarded = cells.filter((name) =>
    cells.some((other) => other !== name && dimensionOf(other) === dimensionOf(name)),
  );
  for (let n = 0; n <= most; n++) {
    for (const population of populations(kinds.length, n)) {
      const stays = kinds.flatMap((kind, index) => Array.from({ length: population[index] ?? 0 }, () => kind));
      const look = seen(monthTable(stays, K), stays);
      const counts = truth(stays);
      const values = alike.get(look) ?? new Map<string, Set<number>>();
      alike.set(look, values);
      for (const name of guarded) values.set(name, (values.get(name) ?? new Set()).add(counts.get(name) ?? 0));
    }
  }
  return [...alike].flatMap(([look, values]) =>
    [...values].flatMap(([name, counts]) => {
      const [only = 0] = counts;
      return counts.size === 1 && only > 0 && only < K ? [`${name}=${only} from ${look.slice(0, 300)}`] : [];
    }),
  );
}

const dimensionOf = (name: string): string => name.split('|').slice(0, 2).join('|');

describe('the table of a closed month under attack', () => {
  it('tells no small number of a unit or a sex to whoever tries every county that looks like it', () => {
    const kinds = ['A', 'B', 'C'].flatMap((unit) => [stay({ unit, sex: 'female' }), stay({ unit, sex: 'male' })]);
    expect(recovered(kinds, 8).slice(0, 4)).toEqual([]);
  });

  it('tells no single patient of a small municipality, and nothing by kinds of hospital minus units', () => {
    const kinds = [
      stay({ unit: 'A', municipality: '0187' }),
      stay({ unit: 'A', municipality: '0184' }),
      stay({ unit: 'B', municipality: '0184' }),
      stay({ unit: 'P', hospitalKind: 'private', municipality: '0187' }),
      stay({ unit: 'Q', hospitalKind: 'private', municipality: '0184' }),
    ];
    expect(recovered(kinds, 9).slice(0, 4)).toEqual([]);
  });

  it('tells none by what ended minus what was hit', () => {
    const kinds = ['A', 'B'].flatMap((unit) => [stay({ unit }), stay({ unit }, [])]);
    expect(recovered(kinds, 11).slice(0, 4)).toEqual([]);
  });

  it('tells no small number of a board of a city that is divided, nor by the city minus its other boards', () => {
    const kinds = ['0180-jarva', '0180-farsta', '0127'].flatMap((board) => {
      const home = { board, municipality: board.slice(0, 4), municipalityKind: 'large' } as const;
      return [stay(home), stay(home, [])];
    });
    expect(recovered(kinds, 10).slice(0, 4)).toEqual([]);
  });

  it('tells no small number of calls, of those without a call, or of the code that is counted of them', () => {
    const kinds = [
      stay({ unit: 'A', call: 'called' }, []),
      stay({ unit: 'A', call: 'not-called' }, ['SIP-01']),
      stay({ unit: 'A' }, []),
      stay({ unit: 'B', call: 'called' }, []),
      stay({ unit: 'B', call: 'not-called' }, ['SIP-01']),
    ];
    expect(recovered(kinds, 11).slice(0, 4)).toEqual([]);
  });

  it('would be broken without complementary suppression: the attack finds what is there to find', () => {
    const naive = new Map([...[['A', 2] as const, ['B', 9] as const]].filter(([, count]) => count >= K));
    const total = 11;
    expect(total - [...naive.values()].reduce((sum, count) => sum + count, 0)).toBe(2);
    expect([
      ...shown(
        new Map([
          ['A', 2],
          ['B', 9],
        ]),
        K,
        () => false,
      ).counts,
    ]).toEqual([]);
  });
});

describe('the table of a closed month', () => {
  it('holds what is large, says where something is held back, and counts neither the protected nor secrecy and technique', () => {
    const stays = [
      ...times(6, { unit: 'A', sex: 'male' }),
      ...times(4, { unit: 'B', municipality: '0183', age: '65-79' }, ['INS-01', 'SEK-01', 'TEK-01']),
      ...times(20, { unit: 'A' }, []),
      ...times(20, { unit: 'B' }, []),
      { profile: { ...profile({ unit: 'C' }), isCounted: false }, codes: ['INS-01'] },
    ];
    const { lines, hidden } = monthTable(stays, K);
    const told = new Map(lines.map((line) => [cell(line), line.count]));
    expect(told.get('INS-01|total||')).toBe(10);
    expect(told.get('INS-01|unit|region/SOM|A')).toBe(6);
    expect(told.get('INS-01|sex||male')).toBe(6);
    expect(told.get(`${DISCHARGES}|unit|region/SOM|B`)).toBe(24);
    expect(told.get('need-stated|unit||A')).toBe(26);
    expect([...told.keys()].some((name) => /SEK|TEK|\|C$/.test(name))).toBe(false);
    expect(hidden).toEqual([]);
    expect(monthTable([...stays, stay({ unit: 'A', sex: 'unknown' })], K).hidden).toContainEqual({
      ...{ measure: 'INS-01', dimension: 'sex', within: '' },
    });
  });

  it('has the boards of a city that has some, and the calls of a unit where none of it is small', () => {
    const city = { municipality: '0180', municipalityKind: 'large' } as const;
    const { lines } = monthTable(
      [
        ...times(5, { ...city, board: '0180-jarva', call: 'called' }, []),
        ...times(4, { ...city, board: '0180-farsta', call: 'not-called' }, ['SIP-01']),
        ...times(6, { municipality: '0127', municipalityKind: 'large', unit: 'B' }, []),
      ],
      K,
    );
    const told = new Map(lines.map((line) => [cell(line), line.count]));
    expect(told.get(`${DISCHARGES}|board|0180|0180-jarva`)).toBe(5);
    expect(told.get('plan-called|unit||A')).toBe(5);
    expect(told.get('plan-not-called|unit||A')).toBe(4);
    expect([...told.keys()].filter((name) => name.includes('|board|0127'))).toEqual([]);
  });

  it('is the same whatever the order of the stays', () => {
    const stays = [...times(4, { unit: 'A' }), ...times(5, { unit: 'B' }), ...times(2, { unit: 'C' })];
    const sorted = (table: MonthTable): string[] => table.lines.map((line) => `${cell(line)}=${line.count}`).sort();
    expect(sorted(monthTable(stays.toReversed(), K))).toEqual(sorted(monthTable(stays, K)));
  });
});
