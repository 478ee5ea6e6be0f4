import library from 'personnummer';

/*
 * Swedish numbers of persons as senders spell them.
 *
 * Personal numbers (standards 3.5) are read to twelve digits. The century is never guessed: it is written, or told by the
 * separator (`-` becomes `+` in the year the person turns 100), or by the birth date.
 *
 * Reserve and LMA numbers (standards 2: SE-3 to SE-5, SE-20 to SE-22; rules 4.5) are for people without one. They tell
 * no birth date and no age.
 */

export interface PersonalNumber {
  readonly type: 'personnummer' | 'samordningsnummer';
  /** Twelve digits. */
  readonly value: string;
}

/** Why a text is no personal number, by the names of the table of errors. */
export type PersonalNumberFault = 'ambiguous-century' | 'bad-identity' | 'wrong-check-digit';

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

/** The number, or what is wrong with it. */
export function readPersonalNumber(shape: NumberShape, hints: BirthHints): PersonalNumber | PersonalNumberFault {
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

/** A to Z without I, O, Q, V, W: the letters of a national reserve number. */
const LETTER = '[A-HJ-NPR-UX-Z]';
const NATIONAL = new RegExp(`^(\\d{8})-?(${LETTER}{2}\\d{2}|${LETTER}{3}\\d)$`);
const STOCKHOLM = /^99\d{10}$/;
const LMA = /^[A-Za-z0-9-]{4,20}$/;
const OTHER_REGION = /^[A-Za-z0-9+-]{8,14}$/;

/** A national reserve number without hyphen; undefined when the text has not that form. */
export function nationalReserveNumber(text: string): string | undefined {
  const match = NATIONAL.exec(text.toUpperCase());
  return match ? `${match[1] ?? ''}${match[2] ?? ''}` : undefined;
}

/** True for `99` and ten digits: a reserve number of Region Stockholm, its check digit not yet looked at. */
export function hasStockholmForm(text: string): boolean {
  return STOCKHOLM.test(text);
}

/** SE-22: the check digit is Luhn's over positions 5 to 11 alone. */
export function hasStockholmCheckDigit(text: string): boolean {
  return hasStockholmForm(text) && luhn(text.slice(4, 11)) === Number(text.charAt(11));
}

/** True for what can be another region's reserve number: each region has a form of its own. */
export function isReserveNumber(text: string): boolean {
  return OTHER_REGION.test(text);
}

/** True for what can be the number of an LMA card. */
export function isLmaNumber(text: string): boolean {
  return LMA.test(text);
}

/** Luhn's check digit of a row of digits, the first of which is doubled when their number is odd. */
function luhn(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const weight = (digits.length - i) % 2 === 1 ? 2 : 1;
    const product = Number(digits[i]) * weight;
    sum += product > 9 ? product - 9 : product;
  }
  return (10 - (sum % 10)) % 10;
}
