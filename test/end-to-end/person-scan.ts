import { looksLikePersonNumber } from '#libs/platform';
import { PEOPLE } from '../../apps/simulator/src/county/people.ts';

/** Numbers in every spelling that a message may have, names, and the street that all of them live in. */
const PERSONAL = [
  ...PEOPLE.flatMap(({ number }) => [
    number,
    `${number.slice(0, 8)}-${number.slice(8)}`,
    `${number.slice(2, 8)}-${number.slice(8)}`,
    `${number.slice(2, 8)}+${number.slice(8)}`,
  ]),
  ...PEOPLE.map(({ family }) => family),
  'Tolvan',
  'Exempelgatan',
];

/** @returns whether a text tells of a person of the tests: a number, a name, an address */
export function tellsOfAPerson(text: string): boolean {
  const folded = text.toLowerCase();
  const written = [folded, decoded(folded)];
  return (
    PERSONAL.some((one) => written.some((form) => form.includes(one.toLowerCase()))) || looksLikePersonNumber(text)
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
