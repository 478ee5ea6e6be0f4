import { fault, isFault, type Fault } from './fault.ts';

/** What the text may hold at most; beyond it nobody wrote it by hand or by a sane program. */
export interface JsonLimits {
  /** Objects and arrays within each other. */
  readonly depth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Bytes as JSON that has one meaning. JSON itself takes the last of two equal names in an object, and others take the first:
 * who reads a need or a ward must not have to guess which of two its sender meant. Time and memory grow with the bytes alone.
 * @returns the value, or a fault: `bad-encoding` for bytes that are not UTF-8, `bad-body` for what is no JSON, `bad-character`
 *   for U+0000 or half a letter in a text, `nested-too-deep`, `duplicate-name`. None of them tells what was written.
 */
export function readStrictJson(bytes: Uint8Array, limits: JsonLimits): { readonly value: unknown } | Fault {
  const text = decoded(bytes);
  if (text === undefined) return fault('bad-encoding');
  if (text.includes('\0')) return fault('bad-character');
  // Before it is parsed: nesting without end costs memory that no size of the body tells.
  const scan = scanned(text, limits);
  if (isFault(scan)) return scan;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return fault('bad-body');
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** One walk over the text. It need not be JSON: what is not is told by who parses it. */
function scanned(text: string, { depth }: JsonLimits): Fault | undefined {
  // The names of each object that is open, and nothing for an array.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : undefined);
        if (open.length > depth) return fault('nested-too-deep');
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        const wrong = faultOf(text, at, end, open.at(-1));
        if (wrong !== undefined) return wrong;
        at = end;
      }
    }
  }
  return undefined;
}

/** Where a string that begins at a quote ends: at its other quote, or at the end of the text. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

const SPACE = /[ \t\r\n]*/y;
const PLAIN = /^[^\\\0\uD800-\uDFFF]*$/;

/** What is wrong with a string, and with it as the name of a member where it is one. */
function faultOf(text: string, from: number, end: number, names: Set<string> | undefined): Fault | undefined {
  const written = text.slice(from + 1, end);
  // Names and most texts need no reading: no escape, no letter of two halves.
  const said = PLAIN.test(written) ? written : unescaped(text.slice(from, end + 1));
  if (said === undefined) return fault('bad-body');
  if (said.includes('\0') || !said.isWellFormed()) return fault('bad-character');
  SPACE.lastIndex = end + 1;
  SPACE.test(text);
  if (names === undefined || text.charCodeAt(SPACE.lastIndex) !== COLON) return undefined;
  if (names.has(said)) return fault('duplicate-name');
  names.add(said);
  return undefined;
}

function unescaped(string: string): string | undefined {
  try {
    return JSON.parse(string) as string;
  } catch {
    return undefined;
  }
}
