import library from 'personnummer';
import type { FaultName } from '#libs/platform';

/*
 * Swedish personal numbers as senders spell them (standards 3.5), read to twelve digits. The century is never guessed:
 * it is written, or told by the separator (`-` becomes `+` in the year the person turns 100), or by the birth date.
 */

export interface PersonalNumber {
  readonly type: 'personnummer' | 'samordningsnummer';
  /** Twelve digits. */
  readonly value: string;
}

/** A text in the shape of a personal number, its digits not yet checked. */
export type NumberShape =
  | { readonly kind: 'twelve'; readonly digits: string }
  | { readonly kind: 'ten'; readonly digits: string; readonly separator: '-' | '+' | '' };

/** What else is known about the person's birth, for ten digits: PID-7 as written (`YYYY[MM[DD]]`) and the year of sending. */
export interface BirthHints {
  readonly birthDate: string | undefined;
  readonly yearSent: number;
}

// The package's types promise a `default` within the default; at run time the import is the class.
const checker = library as unknown as { valid(number: string): boolean };

const TWELVE = /^(\d{8})[-+]?(\d{4})$/;
const TEN = /^(\d{6})([-+]?)(\d{4})$/;
const CENTURIES = /^(?:18|19|[2-9]\d)/;

/** The shape of a text; undefined when it has neither twelve nor ten digits. */
export function shapeOf(text: string): NumberShape | undefined {
  const twelve = TWELVE.exec(text);
  if (twelve) return { kind: 'twelve', digits: `${twelve[1] ?? ''}${twelve[2] ?? ''}` };
  const ten = TEN.exec(text);
  if (!ten) return undefined;
  const separator = ten[2] === '-' || ten[2] === '+' ? ten[2] : '';
  return { kind: 'ten', digits: `${ten[1] ?? ''}${ten[3] ?? ''}`, separator };
}

/** True when the digits name a day that exists, so that the text may well be a personal number. */
export function namesADay(shape: NumberShape): boolean {
  if (shape.kind === 'twelve') return CENTURIES.test(shape.digits) && birthDateOf(shape.digits) !== undefined;
  return ['19', '20'].some((century) => birthDateOf(century + shape.digits) !== undefined);
}

/** The number, or what is wrong with it: `ambiguous-century`, `bad-identity`, `wrong-check-digit`. */
export function readPersonalNumber(shape: NumberShape, hints: BirthHints): PersonalNumber | FaultName {
  const value = shape.kind === 'twelve' ? shape.digits : withCentury(shape, hints);
  if (value === undefined) return 'ambiguous-century';
  const birthDate = birthDateOf(value);
  if (!CENTURIES.test(value) || birthDate === undefined) return 'bad-identity';
  // A birth date beside ten digits must not contradict them: one of the two is another person's.
  if (shape.kind === 'ten' && !birthDate.startsWith(hints.birthDate ?? '')) return 'bad-identity';
  if (!checker.valid(value)) return 'wrong-check-digit';
  return { type: isCoordination(value) ? 'samordningsnummer' : 'personnummer', value };
}

/** `YYYYMMDD` of twelve digits (a samordningsnummer has 60 added to the day); undefined when there is no such day. */
export function birthDateOf(digits: string): string | undefined {
  const [year, month, rawDay] = [digits.slice(0, 4), digits.slice(4, 6), Number(digits.slice(6, 8))];
  const day = rawDay > 60 ? rawDay - 60 : rawDay;
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(month) < 1 || Number(month) > 12 || day < 1 || day > last) return undefined;
  return `${year}${month}${String(day).padStart(2, '0')}`;
}

function isCoordination(digits: string): boolean {
  return Number(digits.slice(6, 8)) > 60;
}

/** Twelve digits; undefined when nothing tells the century. */
function withCentury(
  { digits, separator }: Extract<NumberShape, { kind: 'ten' }>,
  { birthDate, yearSent }: BirthHints,
): string | undefined {
  if (separator === '') return birthDate === undefined ? undefined : birthDate.slice(0, 2) + digits;
  const age = (((yearSent - Number(digits.slice(0, 2))) % 100) + 100) % 100;
  const year = yearSent - age - (separator === '+' ? 100 : 0);
  return String(year).padStart(4, '0') + digits.slice(2);
}
