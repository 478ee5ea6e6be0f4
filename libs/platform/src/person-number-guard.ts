/**
 * The last line of defence: code must not log persons at all. What looks like a personal number is found by its form, a
 * possible date and its check digit, so that counters and instants pass. 10 digits without a separator are not looked for.
 */
const TWELVE = /(?<!\d)(1[89]|20)(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?!\d)/g;
const TEN = /(?<![\d-])(\d{2})(\d{2})(\d{2})[-+](\d{4})(?!\d)/g;
/** Region Stockholm's reservnummer: 99, the century and the year of issue, then serial digits (SE-22). */
const RESERVE = /(?<!\d)99(19|20)\d{8}(?!\d)/;
/** National reservnummer (SE-21): a date, then letters and digits. */
const NATIONAL = /(?<!\d)(1[89]|2\d|9\d)\d{6}-?([A-HJ-NPR-UX-Z]{2}\d{2}|[A-HJ-NPR-UX-Z]{3}\d)(?![0-9A-Za-z])/;

/** Traces, ids of ours and hashes: random digits that now and then look like a number. */
const OPAQUE =
  /00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,}/g;

/** True when a text holds what may be a personnummer, samordningsnummer or reservnummer. For logs and for scans of topics. */
export function looksLikePersonNumber(text: string): boolean {
  return holdsNumber(text) && holdsNumber(text.replaceAll(OPAQUE, ' '));
}

function holdsNumber(text: string): boolean {
  if (RESERVE.test(text) || NATIONAL.test(text)) return true;
  for (const [, , year = '', month = '', day = '', last = ''] of text.matchAll(TWELVE)) {
    if (isNumber(year, month, day, last)) return true;
  }
  for (const [, year = '', month = '', day = '', last = ''] of text.matchAll(TEN)) {
    if (isNumber(year, month, day, last)) return true;
  }
  return false;
}

function isNumber(year: string, month: string, day: string, last: string): boolean {
  const days = Number(day) > 60 ? Number(day) - 60 : Number(day);
  const months = Number(month);
  return months >= 1 && months <= 12 && days >= 1 && days <= 31 && hasCheckDigit(year + month + day + last);
}

function hasCheckDigit(tenDigits: string): boolean {
  let sum = 0;
  for (let i = 0; i < tenDigits.length; i++) {
    const product = Number(tenDigits[i]) * (i % 2 === 0 ? 2 : 1);
    sum += product > 9 ? product - 9 : product;
  }
  return sum % 10 === 0;
}
