import { fault, isFault, readStrictJson, type Fault } from '#libs/platform';

/** A form as read, or all that is wrong with it. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly [Fault, ...Fault[]] };

/** A form nests three deep; what nests deeper was not written by hand. */
const LIMITS = { depth: 16 };

/**
 * Bytes as one JSON object that has one meaning.
 * @returns what `readStrictJson` finds wrong, or `bad-body` for what is JSON and no object
 */
export function readJsonObject(bytes: Uint8Array): Reading<Readonly<Record<string, unknown>>> {
  const read = readStrictJson(bytes, LIMITS);
  if (isFault(read)) return { ok: false, faults: [read] };
  return isObject(read.value) ? { ok: true, value: { ...read.value } } : { ok: false, faults: [fault('bad-body')] };
}

/** The fields of a record that the hub wrote itself, after it had read the form; none of what is no object. */
export function ownFields(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const read = readStrictJson(bytes, LIMITS);
  return !isFault(read) && isObject(read.value) ? { ...read.value } : {};
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
