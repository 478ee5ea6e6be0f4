import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { failure, success, type Result } from './result.ts';

/** The character sets that are read and written, by their names in HL7 table 0211 (CP125x: seen in the wild). */
export type Charset = 'ASCII' | '8859/1' | '8859/15' | 'UNICODE UTF-8' | 'CP1252' | 'CP1250';

export interface DecodedText {
  readonly text: string;
  /** The charset by which the bytes were read. */
  readonly charset: Charset;
  /** What had to be done so that the text could be read, each at most once; the event carries a finding for each (SAL-4). */
  readonly salvage: readonly CharsetSalvage[];
  /** U+FFFD stood in the sender's own bytes: it lost letters before us. We ourselves never make one. */
  readonly damagedBySender: boolean;
}

/**
 * `not-ascii`: MSH-18 says ASCII and the bytes are none; they were read as UTF-8 or by the sender's default.
 * `utf-8`: MSH-18 or the sender's default is an 8-bit charset, but the bytes, or letters among them, are UTF-8 and were read so.
 * `windows-1252`: characters 80-9F, which are controls where they stand, were read as Windows-1252.
 * `controls`: U+0000 or a C1 character that is no letter of Windows-1252 either; a space stands in its place.
 */
export type CharsetSalvage = 'not-ascii' | 'utf-8' | 'windows-1252' | 'controls';

export interface CharsetFault {
  readonly code: 'not-in-declared-charset' | 'unknown-charset';
  readonly declared: string;
}

const SPELLINGS = new Map<string, Charset>([
  ['ASCII', 'ASCII'],
  ['USASCII', 'ASCII'],
  ['88591', '8859/1'],
  ['ISO88591', '8859/1'],
  ['LATIN1', '8859/1'],
  ['885915', '8859/15'],
  ['ISO885915', '8859/15'],
  ['LATIN9', '8859/15'],
  ['UNICODEUTF8', 'UNICODE UTF-8'],
  ['UTF8', 'UNICODE UTF-8'],
  ['CP1252', 'CP1252'],
  ['WINDOWS1252', 'CP1252'],
  ['CP1250', 'CP1250'],
  ['WINDOWS1250', 'CP1250'],
]);
const DAMAGE = '\uFFFD';

/** The charset of a name from table 0211 or of a spelling of it (`UTF-8`, `8859-1`, `ISO-8859-15`); else undefined. */
export function charsetNamed(name: string): Charset | undefined {
  return SPELLINGS.get(name.toUpperCase().replace(/[^A-Z0-9]/g, ''));
}

/**
 * Bytes of one message to text. `declared` is the first repetition of MSH-18, empty when it has none; `senderDefault`
 * the charset of the sender's agreement. A known MSH-18 decides, but for an 8-bit one over valid UTF-8: Latin text is
 * hardly ever valid UTF-8 by chance. Without one (or ASCII with bytes that are none): strict UTF-8, else the sender's
 * default. Bytes that do not fit what decides are a fault, never U+FFFD. The text holds no U+0000 and no C1 character.
 * Source: standards 7, 8.3; SAL-4.
 */
export function decodeCharset(
  bytes: Buffer,
  declared: string,
  senderDefault?: Charset,
): Result<DecodedText, CharsetFault> {
  const named = charsetNamed(declared);
  if (isAscii(bytes)) return success(readable(bytes.toString('latin1'), named ?? 'ASCII', []));
  const ascii: readonly CharsetSalvage[] = named === 'ASCII' ? ['not-ascii'] : [];
  if (isUtf8(bytes)) {
    const mislabelled: readonly CharsetSalvage[] = isEightBit(named) ? ['utf-8'] : ascii;
    return success(readable(bytes.toString('utf8'), 'UNICODE UTF-8', mislabelled));
  }
  const charset = named === undefined || named === 'ASCII' ? senderDefault : named;
  if (charset === undefined) return failure({ code: 'unknown-charset', declared });
  const isMixed = isEightBit(charset) && IN_UTF8.test(bytes.toString('latin1'));
  const text = isMixed ? decodeMixed(bytes, charset) : decodeBytes(bytes, charset);
  if (text === undefined) return failure({ code: 'not-in-declared-charset', declared: declared || charset });
  return success(readable(text, charset, isMixed ? ['utf-8'] : ascii));
}

/** A letter or dash in UTF-8, each byte one character: these never follow each other in 8-bit text, as `Ö”` and `å”` may. */
const IN_UTF8 = /[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x80-\xbf]/;
const RUN_OF_UTF8 = new RegExp(`((?:${IN_UTF8.source})+)`);

/** A text that was put together of two charsets, as where a name was copied from a register: each part by its own. */
function decodeMixed(bytes: Buffer, charset: Charset): string | undefined {
  const parts = bytes.toString('latin1').split(RUN_OF_UTF8);
  const texts = parts.map((part, at) => decodeBytes(Buffer.from(part, 'latin1'), at % 2 ? 'UNICODE UTF-8' : charset));
  return texts.includes(undefined) ? undefined : texts.join('');
}

/**
 * A text with its U+0000 and C1 characters made readable: U+0080 to U+009F are read as the bytes of Windows-1252 that they
 * nearly always were; where that has none, and for U+0000, a space stands, since leaving the character out would join two
 * words or make two identifiers one. `mapped` and `dropped` tell whether either was done.
 */
export function readableControls(text: string): { text: string; mapped: boolean; dropped: boolean } {
  let [mapped, dropped] = [false, false];
  // A literal test first: nearly every text passes it, and a replacement would copy each of them.
  if (!CONTROLS.test(text)) return { text, mapped, dropped };
  const replaced = text.replace(ALL_CONTROLS, (character) => {
    const letter = character === '\0' ? undefined : decodeBytes(Buffer.from(character, 'latin1'), 'CP1252');
    if (letter === undefined) dropped = true;
    else mapped = true;
    return letter ?? ' ';
  });
  return { text: replaced, mapped, dropped };
}

/** Text to bytes; undefined when the charset lacks one of the characters. */
export function encodeCharset(text: string, charset: Charset): Buffer | undefined {
  if (charset === 'UNICODE UTF-8') return text.isWellFormed() ? Buffer.from(text, 'utf8') : undefined;
  const bytes = charset === 'ASCII' ? Buffer.from(text, 'utf8') : iconv.encode(text, ICONV[charset]);
  return decodeBytes(bytes, charset) === text ? bytes : undefined;
}

/** Text to bytes, `?` for each character that the charset lacks. */
export function encodeNearest(text: string, charset: Charset): Buffer {
  if (charset === 'UNICODE UTF-8') return Buffer.from(text, 'utf8');
  return iconv.encode(text, charset === 'ASCII' ? 'ascii' : ICONV[charset]);
}

/** Bytes to text by exactly this charset; undefined when they are not of it. */
export function decodeBytes(bytes: Buffer, charset: Charset): string | undefined {
  switch (charset) {
    case 'ASCII':
      return isAscii(bytes) ? bytes.toString('latin1') : undefined;
    case 'UNICODE UTF-8':
      return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    default: {
      // Not TextDecoder: its `iso-8859-1` is windows-1252.
      const text = iconv.decode(bytes, ICONV[charset]);
      return text.includes(DAMAGE) ? undefined : text;
    }
  }
}

const ICONV = { '8859/1': 'iso-8859-1', '8859/15': 'iso-8859-15', CP1252: 'windows-1252', CP1250: 'windows-1250' };

const CONTROLS = /[\0\x80-\x9f]/;
const ALL_CONTROLS = new RegExp(CONTROLS, 'g');

function isEightBit(charset: Charset | undefined): boolean {
  return charset !== undefined && charset !== 'ASCII' && charset !== 'UNICODE UTF-8';
}

function readable(written: string, charset: Charset, applied: readonly CharsetSalvage[]): DecodedText {
  const { text, mapped, dropped } = readableControls(written);
  const salvage = [
    ...applied,
    ...(mapped ? (['windows-1252'] as const) : []),
    ...(dropped ? (['controls'] as const) : []),
  ];
  return { text, charset, salvage, damagedBySender: text.includes(DAMAGE) };
}
