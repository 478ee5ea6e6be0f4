import { type Charset, decodeCharset } from './charset.ts';
import { type Delimiters, delimitersOf } from './delimiters.ts';
import { Segment } from './message.ts';
import { parseMessage } from './parse.ts';
import { failure, type Result, success } from './result.ts';

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
const BLANKS: ReadonlySet<number | undefined> = new Set([CR, LF, 0x20, 0x09, 0x0c]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads only the MSH, from bytes, and looks no further than its end: the ingress pays this for every frame. What
 * `contentStart` names is passed over. Letters outside ASCII are read as `decodeCharset` does, else as 8859/1: a header in a
 * wrong charset is still answered. Source: standards 3.4.
 */
export function readHeader(bytes: Buffer): Result<MessageHeaderFields, HeaderFault> {
  const start = contentStart(bytes);
  if (start === bytes.length) return failure({ code: 'empty' });
  const line = bytes.subarray(start, endOf(bytes, start));
  const latin = line.toString('latin1');
  if (latin.startsWith('FHS') || latin.startsWith('BHS')) return failure({ code: 'batch' });
  if (!latin.startsWith('MSH')) return failure({ code: 'no-header' });
  const field = latin.charAt(3);
  const end = field === '' ? -1 : latin.indexOf(field, 4);
  const delimiters = end < 0 || end > 9 ? undefined : delimitersOf(field, latin.slice(4, end));
  if (delimiters === undefined) return failure({ code: 'bad-delimiters' });
  const declared = new Segment('MSH', latin, { delimiters, charset: '8859/1' }).field(18).first.raw;
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

/** Where a message begins: byte order marks, blanks and ends of lines before it say nothing, in whichever order they stand. */
export function contentStart(bytes: Buffer): number {
  let at = 0;
  for (;;) {
    if (BLANKS.has(bytes[at])) at++;
    else if (bytes.subarray(at, at + 3).equals(BYTE_ORDER_MARK)) at += 3;
    else return at;
  }
}

function endOf(bytes: Buffer, start: number): number {
  const cr = bytes.indexOf(CR, start);
  const until = cr < 0 ? bytes.length : cr;
  const lf = bytes.subarray(start, until).indexOf(LF);
  return lf < 0 ? until : start + lf;
}

/** What kind of message it is, as its sender says it somewhere: in capitals, empty where it says nothing. */
export interface MessageType {
  /** `ADT`. */
  readonly code: string;
  /** `A01`. */
  readonly trigger: string;
}

/**
 * The type of a message, by whichever of the places that versions and senders use for it says it first (standards 3.1):
 *
 *   MSH-9.1, 9.2   `ADT^A01`, as all versions from 2.3 have it
 *   MSH-9.1        `ADT_A01`, by senders that leave the components out
 *   EVN-1          `A01`, where MSH-9 says `ADT` alone, as before 2.3
 *   MSH-9.3        `ADT_A02`, where nothing else says the trigger and the structure is of one trigger alone
 *
 * MSH-9 goes before EVN-1: where they differ, EVN-1 is what the sender copied.
 * @param bytes the whole message, looked at only when its MSH does not tell
 */
export function messageTypeOf(header: MessageHeaderFields, bytes: Buffer): MessageType {
  const [code = '', joined = ''] = capitals(header.messageCode).split('_');
  const trigger = capitals(header.triggerEvent) || joined;
  if (trigger !== '' || code !== 'ADT') return { code, trigger };
  // A byte order mark is three letters in this reading.
  const message = parseMessage(bytes.subarray(contentStart(bytes)).toString('latin1'));
  const recorded = message.ok ? capitals(message.value.text('EVN', 1) ?? '') : '';
  const [, structure = ''] = capitals(header.messageStructure).split('_');
  return { code, trigger: recorded || (OF_ONE_TRIGGER.has(structure) ? structure : '') };
}

/** Structures that only the trigger of their name has (table 0354). */
const OF_ONE_TRIGGER: ReadonlySet<string> = new Set(['A02', 'A03', 'A16', 'A18']);

function capitals(text: string): string {
  return text.trim().toUpperCase();
}

/**
 * Whether a frame is an answer: of type ACK, with an MSA and no ADT (a response of another type, or one whose MSH cannot be
 * read), or the one byte ACK or NAK of MLLP release 2. An answer is never answered: two engines that each refuse what the
 * other says would go on for ever.
 */
export function isAcknowledgement(bytes: Buffer, header: MessageHeaderFields | undefined): boolean {
  const messageCode = header?.messageCode.toUpperCase();
  if (messageCode === 'ADT') return false;
  if (messageCode === 'ACK' || (bytes.length === 1 && (bytes[0] === ACK || bytes[0] === NAK))) return true;
  return /(?:^|[\r\n])MSA[^A-Za-z0-9]/.test(bytes.toString('latin1'));
}

const ACK = 0x06;
const NAK = 0x15;
