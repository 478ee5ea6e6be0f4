/*
 * Numbers for people without a personal number (standards 2: SE-3 to SE-5, SE-21, SE-22; domain.md 4.5). They tell no
 * birth date and no age.
 */

/** A to Z without I, O, Q, V, W: the letters of a national reserve number. */
const LETTER = '[A-HJ-NPR-UX-Z]';
const NATIONAL = new RegExp(`^(\\d{8})-?(${LETTER}{2}\\d{2}|${LETTER}{3}\\d)$`);
const STOCKHOLM = /^99\d{10}$/;
const LMA = /^[A-Za-z0-9-]{4,20}$/;

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
