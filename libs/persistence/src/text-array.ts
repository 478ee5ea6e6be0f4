/** No control character, which PostgreSQL and JSON write differently. */
const WITHOUT_CONTROLS = /^\P{Cc}*$/u;

/**
 * A PostgreSQL array literal of texts, for a parameter `$n::text[]` or `json[]` with long texts in it: the same as giving pg
 * the array, which escapes them so slowly that it shows. In: texts, none null. Out: the literal.
 */
export function textArray(texts: readonly string[]): string {
  return `{${texts.map(element).join(',')}}`;
}

/** An element in quotes is written as a JSON string is, but for controls and halves of surrogate pairs. */
function element(text: string): string {
  if (WITHOUT_CONTROLS.test(text) && text.isWellFormed()) return JSON.stringify(text);
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
