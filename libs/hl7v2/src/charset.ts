import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { failure, success, type Result } from './result.ts';

/** The character sets that are read and written, by their names in HL7 table 0211 (CP125x: seen in the wild). */
export type Charset = 'ASCII' | '8859/1' | '8859/15' | 'UNICODE UTF-8' | 'CP1252' | 'CP1250';

export interface DecodedText {
  readonly text: string;
  /** The charset by which the bytes were read. */
  readonly charset: Charset;
  /** MSH-18 and the bytes do not fit each other: declared ASCII with other bytes, or a Latin charset over UTF-8 bytes. */
  readonly mismatch: boolean;
  /** U+FFFD stood in the sender's own bytes: it lost letters before us. We ourselves never make one. */
  readonly damagedBySender: boolean;
}

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
 * the charset of the sender's agreement. A known MSH-18 decides; without one (or ASCII with bytes that are none):
 * strict UTF-8, else the sender's default. Bytes that do not fit what decides are a fault, never U+FFFD.
 * Source: standards 7 (charset), 8.3.
 */
export function decodeCharset(
  bytes: Buffer,
  declared: string,
  senderDefault?: Charset,
): Result<DecodedText, CharsetFault> {
  if (isAscii(bytes)) return plain(bytes, declared);
  const named = charsetNamed(declared);
  if (named !== undefined && named !== 'ASCII') return decodeAs(bytes, named, declared, looksMislabelled(bytes, named));
  const mismatch = named === 'ASCII';
  if (isUtf8(bytes)) return decodeAs(bytes, 'UNICODE UTF-8', declared, mismatch);
  if (senderDefault === undefined) return failure({ code: 'unknown-charset', declared });
  return decodeAs(bytes, senderDefault, declared, mismatch);
}

/** Text to bytes; undefined when the charset lacks one of the characters. */
export function encodeCharset(text: string, charset: Charset): Buffer | undefined {
  if (charset === 'UNICODE UTF-8') return text.isWellFormed() ? Buffer.from(text, 'utf8') : undefined;
  const bytes = charset === 'ASCII' ? Buffer.from(text, 'utf8') : iconv.encode(text, ICONV[charset]);
  return decodeBytes(bytes, charset) === text ? bytes : undefined;
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

function plain(bytes: Buffer, declared: string): Result<DecodedText, CharsetFault> {
  const charset = charsetNamed(declared) ?? 'ASCII';
  return success({ text: bytes.toString('latin1'), charset, mismatch: false, damagedBySender: false });
}

function decodeAs(
  bytes: Buffer,
  charset: Charset,
  declared: string,
  mismatch: boolean,
): Result<DecodedText, CharsetFault> {
  const text = decodeBytes(bytes, charset);
  if (text === undefined) return failure({ code: 'not-in-declared-charset', declared: declared || charset });
  return success({ text, charset, mismatch, damagedBySender: text.includes(DAMAGE) });
}

/** Latin text is hardly ever valid UTF-8 by chance: such bytes under a Latin name are most likely UTF-8. */
function looksMislabelled(bytes: Buffer, named: Charset): boolean {
  return named !== 'UNICODE UTF-8' && isUtf8(bytes);
}
