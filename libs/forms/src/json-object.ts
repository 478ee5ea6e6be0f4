import { fault, type Fault } from '#libs/platform';

/** A form as read, or all that is wrong with it. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly [Fault, ...Fault[]] };

/** A form nests three deep; what nests deeper was not written by hand. */
const MOST_DEPTH = 16;
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]/g;

/**
 * Bytes as one JSON object. JSON itself takes the last of two equal names, and others take the first: who reads a form must
 * not have to guess which of two wards its sender meant, so that such an object is none. Linear in the bytes.
 * @returns `bad-body`, with the place of a name that stands twice
 */
export function readJsonObject(bytes: Uint8Array): Reading<Readonly<Record<string, unknown>>> {
  const text = decoded(bytes);
  const value = text === undefined ? undefined : parsed(text);
  if (text === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return bad();
  return scanned(text) ? { ok: true, value: { ...value } } : bad();
}

/** The fields of a record that the hub wrote itself, after it had read the form; none of what is no object. */
export function ownFields(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value = parsed(decoded(bytes) ?? '');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const bad = (): { ok: false; faults: [Fault] } => ({ ok: false, faults: [fault('bad-body')] });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Every string well formed, no name twice in an object, and not too deep. @param text JSON */
function scanned(text: string): boolean {
  // A set of names for each object that is open, nothing for an array.
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      const name = last ?? '';
      if (names?.has(name)) return false;
      names?.add(name);
    } else if (token !== ',') {
      last = JSON.parse(token) as string;
      if (!last.isWellFormed()) return false;
    }
    if (open.length > MOST_DEPTH) return false;
  }
  return true;
}
