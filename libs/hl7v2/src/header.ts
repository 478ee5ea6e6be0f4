import { decodeCharset, type Charset } from './charset.ts';
import { delimitersOf, type Delimiters } from './delimiters.ts';
import { Segment } from './message.ts';
import { failure, success, type Result } from './result.ts';

/**
 * What the MSH says, as decoded texts (first component of the first repetition); empty where it says nothing. Blanks around
 * them say nothing either (ST, HD, ID): `KS      ` is the sender `KS`.
 */
export interface MessageHeaderFields {
  readonly delimiters: Delimiters;
  /** MSH-3.1 to MSH-6.1 */
  readonly sendingApplication: string;
  readonly sendingFacility: string;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  /** MSH-7 as written: when the sender says it sent it. */
  readonly sentAt: string;
  /** MSH-9: `ADT`, `A01`, `ADT_A01` */
  readonly messageCode: string;
  readonly triggerEvent: string;
  readonly messageStructure: string;
  /** MSH-10 */
  readonly controlId: string;
  /** MSH-11.1: `P`, `T` or `D`, in capitals */
  readonly processingId: string;
  /** MSH-12.1 */
  readonly version: string;
  /** MSH-15 and MSH-16: `AL`, `NE`, `ER`, `SU` or empty */
  readonly acceptAcknowledgement: string;
  readonly applicationAcknowledgement: string;
  /** MSH-18, first repetition: what `decodeCharset` takes as `declared`. */
  readonly characterSet: string;
  /** By which the header was read: what an answer is written in, so that what it echoes has the sender's own bytes. */
  readonly charset: Charset;
  /** The field as written, blanks and all, by number: what an answer echoes under the same delimiters. */
  readonly raw: (field: number) => string;
}

export interface HeaderFault {
  readonly code: 'empty' | 'no-header' | 'bad-delimiters' | 'batch';
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads only the MSH, from bytes, and looks no further than its end: the ingress pays this for every frame. A byte
 * order mark and leading CR, LF or spaces are passed over. Letters outside ASCII are read as `decodeCharset` does, else as
 * 8859/1: a header in a wrong charset is still answered. Source: standards 3.4.
 */
export function readHeader(bytes: Buffer): Result<MessageHeaderFields, HeaderFault> {
  const start = startOf(bytes);
  if (start === bytes.length) return failure({ code: 'empty' });
  const line = bytes.subarray(start, endOf(bytes, start));
  const latin = line.toString('latin1');
  if (latin.startsWith('FHS') || latin.startsWith('BHS')) return failure({ code: 'batch' });
  if (!latin.startsWith('MSH')) return failure({ code: 'no-header' });
  const field = latin.charAt(3);
  const end = field === '' ? -1 : latin.indexOf(field, 4);
  const delimiters = end < 0 || end > 9 ? undefined : delimitersOf(field, latin.slice(4, end));
  if (delimiters === undefined) return failure({ code: 'bad-delimiters' });
  const declared = latin.split(delimiters.field)[17]?.split(delimiters.repetition)[0] ?? '';
  return success(fieldsOf(decodeLine(line, declared), delimiters));
}

function fieldsOf(line: { text: string; charset: Charset }, delimiters: Delimiters): MessageHeaderFields {
  const { charset } = line;
  const segment = new Segment('MSH', line.text, { delimiters, charset });
  const text = (field: number, component = 1): string => segment.text(field, component)?.trim() ?? '';
  return {
    delimiters,
    sendingApplication: text(3),
    sendingFacility: text(4),
    receivingApplication: text(5),
    receivingFacility: text(6),
    sentAt: text(7),
    messageCode: text(9),
    triggerEvent: text(9, 2),
    messageStructure: text(9, 3),
    controlId: text(10),
    processingId: text(11).toUpperCase(),
    version: text(12),
    acceptAcknowledgement: text(15),
    applicationAcknowledgement: text(16),
    characterSet: text(18),
    charset,
    raw: (field) => segment.field(field).raw,
  };
}

function decodeLine(line: Buffer, declared: string): { text: string; charset: Charset } {
  for (const name of [declared, '8859/1']) {
    const decoded = decodeCharset(line, name);
    if (decoded.ok) return decoded.value;
  }
  throw new Error('every byte is of 8859/1');
}

function startOf(bytes: Buffer): number {
  let at = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  while (at < bytes.length && (bytes[at] === CR || bytes[at] === LF || bytes[at] === SPACE)) at++;
  return at;
}

function endOf(bytes: Buffer, start: number): number {
  const cr = bytes.indexOf(CR, start);
  const until = cr < 0 ? bytes.length : cr;
  const lf = bytes.subarray(start, until).indexOf(LF);
  return lf < 0 ? until : start + lf;
}
