/** Element types, by their numbers in PostgreSQL's catalogue. */
const [TEXT, JSON_TEXT] = [25, 114];
/** Dimensions, whether there are nulls, type of element; then elements and first index of the one dimension. */
const [HEAD, DIMENSION, LENGTH] = [12, 8, 4];

/**
 * An array of texts as PostgreSQL sends it in binary, for a parameter `$n::text[]` with long texts in it: the same as giving pg
 * the array, which writes a literal that has each text in quotes and each quote of it escaped, and that PostgreSQL reads
 * character by character. In: texts, none null. Out: the value for pg.
 */
export function textArray(texts: readonly string[]): Buffer {
  return binaryArray(texts, TEXT);
}

/** As `textArray`, for a parameter `$n::json[]`: in binary an array says its own type, and another is refused. */
export function jsonArray(texts: readonly string[]): Buffer {
  return binaryArray(texts, JSON_TEXT);
}

function binaryArray(texts: readonly string[], type: number): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const array = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH + length, HEAD + DIMENSION));
  let at = 0;
  for (const number of [1, 0, type, texts.length, 1]) at = array.writeInt32BE(number, at);
  for (const [place, text] of texts.entries()) {
    at = array.writeInt32BE(lengths[place] ?? 0, at);
    at += array.write(text, at);
  }
  return array;
}
