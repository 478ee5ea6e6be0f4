import { isUtf8 } from 'node:buffer';
import { fault, type Fault } from './errors.ts';
import { foreignContent } from './foreign-content.ts';

/** What the text may hold at most; beyond it nobody wrote it by hand or by a sane program. */
export interface JsonLimits {
  /** Objects and arrays within each other. */
  readonly depth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OBJECT = [0x7b, 0x7d] as const;
const ARRAY = [0x5b, 0x5d] as const;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Bytes as JSON that has one meaning. JSON itself takes the last of two equal names in an object, and others take the first:
 * who reads a need or a ward must not have to guess which of two its sender meant. Time and memory grow with the bytes alone.
 * @returns the value, or a fault: `bad-encoding` for bytes that are not UTF-8, `bad-body` for what is no JSON, `bad-character`
 *   for U+0000 or half a letter in a text, `nested-too-deep`, `duplicate-name`; of what is another kind of file, which one
 *   (`foreignContent`). None of them tells what was written.
 */
export function readStrictJson(bytes: Uint8Array, limits: JsonLimits): { readonly value: unknown } | Fault {
  const text = decoded(bytes);
  if (text === undefined) return fault(foreignContent(bytes) ?? 'bad-encoding');
  if (text.includes('\0')) return fault(foreignContent(bytes) ?? 'bad-character');
  // Before it is parsed: nesting without end costs memory that no size of the body tells.
  const colons = colonsIn(bytes, limits);
  if (colons === undefined) return fault('nested-too-deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault(foreignContent(bytes) ?? 'bad-body');
  }
  // Text that was UTF-8 holds half a letter, or U+0000, only where it is written as an escape.
  const isPlain = !text.includes('\\u');
  if (!isPlain && !hasWholeLetters(value)) return fault('bad-character');
  // Each member is written with one colon, and of members with one name the value keeps one.
  return membersIn(value) === colons ? { value } : fault('duplicate-name');
}

/** A decoder of Node's that refuses what is no UTF-8 costs three times as much as asking first. */
function decoded(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/**
 * Colons outside of strings; undefined when it nests too deep. It need not be JSON: what is not is told by who parses it.
 * @param bytes UTF-8, in which no byte of another letter is one of these signs; a text is read at half the speed
 */
function colonsIn(bytes: Uint8Array, { depth }: JsonLimits): number | undefined {
  let open = 0;
  let colons = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case OBJECT[0]:
      case ARRAY[0]:
        if (++open > depth) return undefined;
        break;
      case OBJECT[1]:
      case ARRAY[1]:
        open--;
        break;
      case COLON:
        colons++;
        break;
      case QUOTE:
        at = endOfString(bytes, at);
    }
  }
  return colons;
}

/** Where a string that begins at a quote ends: at its other quote, or at the end of the text. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Members of all objects in a value that was parsed, at any depth. */
function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) for (const one of value) members += membersIn(one);
  else {
    // What was parsed inherits no member that is listed here; a list of the names would be made for each object.
    for (const name in value) members += 1 + membersIn((value as Readonly<Record<string, unknown>>)[name]);
  }
  return members;
}

/** Whether no text in it, and no name, has half a letter or U+0000. */
function hasWholeLetters(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Array.isArray(value) ? value.every(hasWholeLetters) : Object.entries(value).flat().every(hasWholeLetters);
}
