import { createRequire } from 'node:module';

const internal = createRequire(import.meta.url);

/** What of pg is known here: it asks this of each parameter of a statement, and sends the answer. */
interface Utils {
  prepareValue: (value: unknown) => unknown;
}

/**
 * pg puts each element of an array in quotes and glues them to each other one by one: four strings for each, and one more
 * when the whole is sent. Most are ids, numbers and codes, which need no quotes: an array is put together in one go instead,
 * from its elements as they are. What PostgreSQL reads from it stays the same.
 */
export function correctPg(): void {
  const utils = internal('pg/lib/utils') as Utils;
  const whole = utils.prepareValue;
  utils.prepareValue = (value) => (isListOfPlain(value) ? `{${value.map(elementOf).join(',')}}` : whole(value));
}

type Plain = string | number | bigint | boolean | null | undefined;

/** No list of lists, and no list of moments, bytes or objects: those are pg's. */
function isListOfPlain(value: unknown): value is readonly Plain[] {
  return Array.isArray(value) && !value.some((element) => typeof element === 'object' && element !== null);
}

/** PostgreSQL reads it as it stands; `null` without quotes would be none. */
const NEEDS_NO_QUOTES = /^(?!null$)[\w.:+-]+$/i;

function elementOf(value: Plain): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value !== 'string') return String(value);
  if (NEEDS_NO_QUOTES.test(value)) return value;
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}
