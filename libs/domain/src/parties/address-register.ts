import { daysOf, isInForce, LAST_DAY, overlap, type PartyId } from './party.ts';

/**
 * Which district board a registered address belongs to (RTE-22): street, house numbers, parity and period, as the city's own
 * register has them. A postal code is never asked: it follows no board's border. What no row covers has no answer, and the
 * decision hands it to a person; the nearest row is never taken instead.
 */

/** House numbers on one side of a street, or on both. */
export const PARITIES = ['odd', 'even', 'all'] as const;
export type Parity = (typeof PARITIES)[number];

/** One row of the register. */
export interface AddressRange {
  readonly municipality: string;
  readonly street: string;
  /** First and last house number. */
  readonly low: number;
  readonly high: number;
  readonly parity: Parity;
  readonly board: PartyId;
  /** Local dates, first and last day. */
  readonly from: string;
  readonly to?: string;
}

/** A board, or why there is none. */
export type BoardOfAddress =
  | { readonly board: PartyId }
  | { readonly missing: 'no-house-number' | 'unknown-street' | 'unknown-number' | 'several-boards' };

/** The register in memory. */
export class AddressRegister {
  readonly #streets = new Map<string, AddressRange[]>();
  readonly #days = new Set<string>();
  #size = 0;

  constructor(ranges: Iterable<AddressRange> = []) {
    for (const range of ranges) {
      const key = keyOf(range.municipality, range.street);
      const rows = this.#streets.get(key);
      if (rows) rows.push(range);
      else this.#streets.set(key, [range]);
      for (const day of daysOf(range)) this.#days.add(day);
      this.#size++;
    }
  }

  /** The local days on which a row begins to hold, or holds no more; in no order. */
  days(): Iterable<string> {
    return this.#days;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * The board of an address on a local date.
   * @param lines the lines of the registered address; those that name no street of the register (c/o, flat) are passed over
   */
  boardOf(municipality: string, lines: readonly string[], date: string): BoardOfAddress {
    const houses = lines.flatMap((line) => houseIn(line) ?? []);
    if (houses.length === 0) return { missing: 'no-house-number' };
    const known = houses.flatMap(({ street, number }) => {
      const rows = this.#streets.get(keyOf(municipality, street));
      return rows ? [{ number, rows }] : [];
    });
    if (known.length === 0) return { missing: 'unknown-street' };
    const boards = new Set(
      known.flatMap(({ number, rows }) =>
        rows.filter((row) => covers(row, number) && isInForce(row, date)).map(({ board }) => board),
      ),
    );
    const [board] = boards;
    if (board === undefined) return { missing: 'unknown-number' };
    return boards.size > 1 ? { missing: 'several-boards' } : { board };
  }
}

/** `Exempelgatan 12 B lgh 1102` -> street and number; undefined where a line has no house number. */
export function houseIn(line: string): { readonly street: string; readonly number: number } | undefined {
  const [, street, number] = /^(.*?\p{L}.*?)\s+(\d{1,4})(?!\d)/u.exec(line.normalize('NFC').trim()) ?? [];
  if (street === undefined || number === undefined) return undefined;
  return { street, number: Number(number) };
}

function keyOf(municipality: string, street: string): string {
  return `${municipality}|${street.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()}`;
}

function covers({ low, high, parity }: Pick<AddressRange, 'low' | 'high' | 'parity'>, number: number): boolean {
  return number >= low && number <= high && (parity === 'all' || (number % 2 === 1) === (parity === 'odd'));
}

/** What is wrong with a register by itself; whether its boards exist is asked with the directory (`directory-faults.ts`). */
export function rangeFaults(ranges: readonly AddressRange[]): { readonly row: number; readonly text: string }[] {
  const byStreet = new Map<string, number[]>();
  const faults: { row: number; text: string }[] = [];
  for (const [row, range] of ranges.entries()) {
    const { low, high, from, to } = range;
    if (low > high) faults.push({ row, text: 'första numret är större än det sista | the numbers run backwards' });
    if (from > (to ?? LAST_DAY)) faults.push({ row, text: 'slutar före sin början | ends before it begins' });
    const key = keyOf(range.municipality, range.street);
    const others = byStreet.get(key);
    if (others) others.push(row);
    else byStreet.set(key, [row]);
  }
  for (const rows of byStreet.values()) faults.push(...overlapsOf(rows, ranges));
  return faults.sort((a, b) => a.row - b.row);
}

/** Sorted by the first number: only those that begin before the one at hand ends can share a house with it. */
function overlapsOf(rows: readonly number[], ranges: readonly AddressRange[]): { row: number; text: string }[] {
  const sorted = rows
    .flatMap((row) => (ranges[row] ? [{ row, range: ranges[row] }] : []))
    .sort((a, b) => a.range.low - b.range.low);
  return sorted.flatMap(({ row, range }, index) => {
    for (let next = index + 1; next < sorted.length; next++) {
      const other = sorted[next];
      if (!other || other.range.low > range.high) return [];
      if (shareAHouse(range, other.range) && overlap(range, other.range)) {
        const text = `delar hus med rad ${other.row + 1} samma dag | shares a house with row ${other.row + 1} on the same day`;
        return [{ row, text }];
      }
    }
    return [];
  });
}

function shareAHouse(a: AddressRange, b: AddressRange): boolean {
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  // Two numbers in a row have both parities: more need not be looked at.
  return [low, low + 1].some((number) => number <= high && covers(a, number) && covers(b, number));
}
