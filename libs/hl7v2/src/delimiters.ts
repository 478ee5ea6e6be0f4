import { type Charset, decodeBytes, readableControls } from './charset.ts';

/** The characters that a message declares in MSH-1 and MSH-2; what it leaves out is undefined and then never splits. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string | undefined;
  readonly subcomponent: string | undefined;
  /** v2.7 and later: the truncation character. */
  readonly truncation: string | undefined;
}

export const STANDARD_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: undefined,
};

/**
 * Reads the delimiters from MSH-1 and MSH-2 (2 to 5 characters). Undefined when they cannot delimit: too few, too many,
 * the same twice, or a letter, digit, space, quote, control or non-ASCII character.
 *
 * Three characters ending in `&` (`^~&`) come from senders that never escape and left the escape character out. Read by
 * position, `&` would be the escape, and `Ek&N&Lind` would lose its middle. So `&` is their subcomponent delimiter and
 * they have no escape character (SAL-4).
 *
 * The escape character twice (`^~\\&`) comes from senders whose script escaped it once too often: it is one.
 */
export function delimitersOf(msh1: string, written: string): Delimiters | undefined {
  const msh2 = written.length === 5 && written[2] === written[3] ? written.slice(0, 3) + written.slice(4) : written;
  if (msh1 === '|' && msh2 === '^~\\&') return STANDARD_DELIMITERS;
  const all = msh1 + msh2;
  if (msh1.length !== 1 || msh2.length < 2 || msh2.length > 5) return undefined;
  if (!/^[!#-/:-@[-`{-~]+$/.test(all) || new Set(all).size !== all.length) return undefined;
  const withoutEscape = msh2.length === 3 && msh2[2] === STANDARD_DELIMITERS.subcomponent;
  return {
    field: msh1,
    component: msh2.charAt(0),
    repetition: msh2.charAt(1),
    escape: withoutEscape ? undefined : msh2[2],
    subcomponent: withoutEscape ? msh2[2] : msh2[3],
    truncation: msh2[4],
  };
}

/** MSH-2 as it is written. */
export function encodingCharacters(delimiters: Delimiters): string {
  const { component, repetition, escape = '', subcomponent = '', truncation = '' } = delimiters;
  return component + repetition + escape + subcomponent + truncation;
}

/** A value after its escape sequences were read. */
export interface Unescaped {
  readonly text: string;
  /** An escape character or sequence could not be read and stands in the text as it was written. */
  readonly unread: boolean;
}

/**
 * Decodes the escape sequences of one value, after all splitting. `\F\ \S\ \T\ \R\ \E\ \P\` give the message's own
 * delimiters, `\Xhh..\` bytes in the message's charset or 16-bit characters (see `hexMeaning`), `\.br\ \.sp<n>\ \.ce\`
 * line breaks, `\.sk<n>\` spaces; layout and highlighting (`\.in \.ti \.fi \.nf \H\ \N\`) vanish. Local and
 * charset-switching sequences (`\Z..\ \C..\ \M..\`), unknown ones, hex that is no text, and a lone escape character stay
 * as they are and are told as `unread`. No U+0000 and no C1 character ever comes out of an escape (SAL-4).
 */
export function readEscapes(raw: string, delimiters: Delimiters, charset: Charset): Unescaped {
  const { escape } = delimiters;
  let open = escape === undefined ? -1 : raw.indexOf(escape);
  if (escape === undefined || open < 0) return { text: raw, unread: false };
  let text = raw.slice(0, open);
  let unread = false;
  while (open >= 0) {
    const close = raw.indexOf(escape, open + 1);
    if (close < 0) return { text: text + raw.slice(open), unread: true };
    const sequence = raw.slice(open + 1, close);
    const meaning = meaningOf(sequence, delimiters, charset);
    const kept = meaning === undefined && isKnownForeign(sequence);
    // An unknown sequence may be stray text ending at the start of a true one (`C:\dir\F\`): its end is read again.
    const resume = meaning === undefined && !kept ? close : close + 1;
    unread ||= meaning === undefined;
    text += meaning ?? raw.slice(open, resume);
    open = raw.indexOf(escape, resume);
    text += raw.slice(resume, open < 0 ? undefined : open);
  }
  return { text, unread };
}

/** The text alone of `readEscapes`. */
export function unescapeText(raw: string, delimiters: Delimiters, charset: Charset): string {
  return readEscapes(raw, delimiters, charset).text;
}

/** Escapes a value for writing. Line breaks become `\.br\`: a bare CR would end the segment. */
export function escapeText(text: string, delimiters: Delimiters): string {
  if (!needsEscape(text, delimiters)) return text;
  const { escape } = delimiters;
  const special = escape === undefined ? substitutes(delimiters) : sequences(escape, delimiters);
  let written = '';
  for (const character of text.replace(/\r\n?/g, '\n')) written += special.get(character) ?? character;
  return written;
}

/** Most values are names and codes: nothing in them is special, and they are written as they are. */
function needsEscape(text: string, delimiters: Delimiters): boolean {
  const { field, component, repetition, escape, subcomponent, truncation } = delimiters;
  const has = (delimiter: string | undefined): boolean => delimiter !== undefined && text.includes(delimiter);
  if (has(field) || has(component) || has(repetition) || has(escape) || has(subcomponent) || has(truncation))
    return true;
  // eslint-disable-next-line no-control-regex -- VT and FS are MLLP's own
  return /[\r\n\x0b\x1c]/.test(text);
}

function sequences(escape: string, delimiters: Delimiters): Map<string, string> {
  const special = new Map([
    [escape, `${escape}E${escape}`],
    [delimiters.field, `${escape}F${escape}`],
    [delimiters.component, `${escape}S${escape}`],
    [delimiters.repetition, `${escape}R${escape}`],
    ['\n', `${escape}.br${escape}`],
    // VT and FS are MLLP's own: in a body they could end or restart a frame.
    ['\x0b', `${escape}.br${escape}`],
    ['\x1c', ' '],
  ]);
  if (delimiters.subcomponent !== undefined) special.set(delimiters.subcomponent, `${escape}T${escape}`);
  if (delimiters.truncation !== undefined) special.set(delimiters.truncation, `${escape}P${escape}`);
  return special;
}

/** A message without an escape character cannot carry its own delimiters in values: a space stands in. */
function substitutes({ field, component, repetition, subcomponent = ' ' }: Delimiters): Map<string, string> {
  const special = [field, component, repetition, subcomponent, '\n', '\x0b', '\x1c'];
  return new Map(special.map((character) => [character, ' ']));
}

function meaningOf(sequence: string, delimiters: Delimiters, charset: Charset): string | undefined {
  switch (sequence) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case 'T':
      return delimiters.subcomponent;
    case 'P':
      return delimiters.truncation ?? '#';
    case 'H':
    case 'N':
      return '';
    default:
      return sequence.startsWith('.') ? layout(sequence) : hexMeaning(sequence, charset);
  }
}

/** A local or charset-switching sequence: it ends at its own close, though we cannot read it. */
function isKnownForeign(sequence: string): boolean {
  return /^(?:Z.*|C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4,6})$/s.test(sequence);
}

/**
 * The text of `Xhh..`. By the standard it is bytes of the message's charset (`X0D0A` a line break, `XC3A5` an å in UTF-8).
 * Some senders write the number of the character instead, in 16 bits (`X00C5`, `X2013`, `X20AC`). The two are told apart by
 * what nobody would escape as bytes: control characters beside tab and line breaks, bytes that are not of the charset, and
 * a blank before a byte beyond ASCII. Undefined when neither reading gives a text.
 */
function hexMeaning(sequence: string, charset: Charset): string | undefined {
  if (!/^X(?:[0-9A-Fa-f]{2})+$/.test(sequence)) return undefined;
  const bytes = Buffer.from(sequence.slice(1), 'hex');
  const text = decodeBytes(bytes, charset) ?? beyondAscii(bytes, charset);
  if (text !== undefined && !isSixteenBits(bytes)) return withoutControls(text);
  return bytes.length % 2 === 0 ? withoutControls(bytes.swap16().toString('utf16le'), true) : undefined;
}

/**
 * Bytes beyond ASCII of a message in ASCII, as one is that names no charset and has no such letter. A sender that escapes all
 * its letters writes just that: they are read as any message without a charset is, by UTF-8 and else by 8859/1.
 */
function beyondAscii(bytes: Buffer, charset: Charset): string | undefined {
  return charset === 'ASCII' ? (decodeBytes(bytes, 'UNICODE UTF-8') ?? decodeBytes(bytes, '8859/1')) : undefined;
}

/** Controls beside tab and line breaks, halves of pairs, private and unassigned numbers, and the sign of a letter that was lost. */
const NO_CHARACTER = /[^\P{Cc}\t\n\r]|[\p{Cs}\p{Co}\p{Cn}\uFFFD]/u;

function isSixteenBits(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  const isControl = (byte: number): boolean => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
  return bytes.some(isControl) || (bytes.length === 2 && first === 0x20 && second >= 0x80);
}

/** The text when it may stand in a record; undefined when it holds U+0000, a C1 character or (of 16 bits) no character at all. */
function withoutControls(text: string, strict = false): string | undefined {
  const { text: readable, dropped } = readableControls(text);
  if (dropped || (strict && NO_CHARACTER.test(readable))) return undefined;
  return readable;
}

function layout(command: string): string | undefined {
  const [, name, count] = /^\.(br|sp|ce|sk|in|ti|fi|nf)([+-]?\d{0,3})$/.exec(command) ?? [];
  switch (name) {
    case 'br':
    case 'ce':
      return '\n';
    case 'sp':
      return '\n'.repeat(times(count));
    case 'sk':
      return ' '.repeat(times(count));
    case undefined:
      return undefined;
    default:
      return '';
  }
}

function times(count: string | undefined): number {
  return count ? Math.min(Math.abs(Number(count)), 100) : 1;
}
