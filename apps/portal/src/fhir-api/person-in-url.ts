import { looksLikePersonNumber } from '#libs/platform';

/** Parameters that name or describe a person, in every spelling that FHIR has for them. */
const OF_A_PERSON = ['name', 'family', 'given', 'phonetic', 'birthdate', 'death-date', 'email', 'phone', 'telecom'];
/** Free text or an expression: what a person would be sought by, whatever resource is asked for. */
const FREE_TEXT = ['_content', '_text', '_filter'];
const ADDRESS = /^address(-[a-z]+)?$/;
const OF_PATIENT = /^(subject|patient)(:[A-Za-z]+)?[.:](.+)$/;

/** Ids of ours are random digits and letters: one of them in a million looks like a person number. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TEN_BARE = /(?<![\dA-Za-z])(\d{6})(\d{4})(?![\dA-Za-z])/g;

const isPersonal = (name: string) =>
  name.split(':')[0] === 'identifier' || OF_A_PERSON.includes(name.split(':')[0] ?? '') || ADDRESS.test(name);

/**
 * True when the name of a parameter says that its value is a person's identity or name (contract 4).
 * @param type of the resources that are searched; an organisation's identifier and name may stand in a URL
 */
export function namesPerson(type: string, name: string): boolean {
  if (FREE_TEXT.includes(name.split(':')[0] ?? '')) return true;
  const ofPatient = OF_PATIENT.exec(name)?.[3];
  if (ofPatient !== undefined) return isPersonal(ofPatient);
  return type === 'Patient' && isPersonal(name);
}

/** Whatever stands between the date and the last four: a dash of any kind, a blank, a point. Commas separate values. */
const SEPARATED = /(\d{6})[^\dA-Za-z,]{1,3}(\d{4})(?![\dA-Za-z])/g;

/** Ten or twelve digits with whatever stands between any of them. After a letter it is a time of day, or a part of an id. */
const SPREAD =
  /(?<![\dA-Za-z])\d(?:[^\dA-Za-z,]{0,2}\d){9}(?:[^\dA-Za-z,]{0,2}\d[^\dA-Za-z,]{0,2}\d)?(?![^\dA-Za-z,]{0,2}\d|[A-Za-z])/g;

/** Digits of every script; each script has its ten in a row, from 0 on. */
const DIGIT = /\p{Nd}/gu;

function latinDigit(digit: string): string {
  const at = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(at - value - 1))) value += 1;
  return `${value}`;
}

/**
 * True when a text of a URL holds what may be a person number, however it is written: also ten bare digits, since this is
 * no log (contract 4), with other separators, in digits of full width, or in those of another script.
 */
export function holdsPersonNumber(text: string): boolean {
  const rest = text.normalize('NFKC').replace(DIGIT, latinDigit).replace(UUID, '').replace(SEPARATED, '$1-$2');
  if (looksLikePersonNumber(rest)) return true;
  const spread = [...rest.matchAll(SPREAD)].map(([run]) => run.replace(/\D/g, ''));
  if (spread.some((digits) => looksLikePersonNumber(digits.replace(/(\d{4})$/, '-$1')))) return true;
  return [...rest.matchAll(TEN_BARE)].some(([, date = '', last = '']) => looksLikePersonNumber(`${date}-${last}`));
}
