/**
 * A name as search compares it: lower case, without marks, single spaces, a space in front of each word, so that
 * ` ab` finds a word that begins so (FHIR R4, search on strings: case and accents do not count).
 */
export function wordsOf(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? '' : ` ${plain}`;
}
