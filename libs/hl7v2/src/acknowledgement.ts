import { isAscii } from 'node:buffer';
import { STANDARD_DELIMITERS, type Delimiters } from './delimiters.ts';
import type { MessageHeaderFields } from './header.ts';
import { components, segment, value, writeMessage, type WrittenSegment } from './write.ts';

/** MSA-1: original mode (AA, AE, AR) or the commit of enhanced mode (CA, CE, CR). */
export type AcknowledgementCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

export interface AcknowledgementError {
  /** Table 0357, such as `201`. */
  readonly hl7Code: string;
  readonly severity: 'E' | 'W' | 'I';
  /** For the people at the sender; never with content of the message. */
  readonly text: string;
  /** Our own code, such as `BRY-1003`. */
  readonly bryCode?: string;
  /** Where it went wrong, as `PID^1^3` (segment, sequence, field). */
  readonly location?: string;
}

export interface Acknowledgement {
  /** The header that is answered; undefined when none could be read. */
  readonly of: MessageHeaderFields | undefined;
  readonly code: AcknowledgementCode;
  /** MSH-10 of the answer itself. */
  readonly controlId: string;
  /** MSH-7 of the answer: a DTM with offset. */
  readonly at: string;
  readonly error?: AcknowledgementError;
}

/** Table 0357, message error condition codes. */
const CONDITIONS = new Map([
  ['0', 'Message accepted'],
  ['100', 'Segment sequence error'],
  ['101', 'Required field missing'],
  ['102', 'Data type error'],
  ['103', 'Table value not found'],
  ['104', 'Value too long'],
  ['200', 'Unsupported message type'],
  ['201', 'Unsupported event code'],
  ['202', 'Unsupported processing id'],
  ['203', 'Unsupported version id'],
  ['204', 'Unknown key identifier'],
  ['205', 'Duplicate key identifier'],
  ['206', 'Application record locked'],
  ['207', 'Application internal error'],
]);
const MSA_3_LONGEST = 80;
const VERSION_UNKNOWN = '2.5.1';

/**
 * Writes the answer to a message, unframed: sender and receiver swapped, MSH-11 and MSH-12 echoed, MSA-2 the incoming
 * MSH-10, all in the message's own delimiters. From version 2.5 on an error is an ERR segment, before it MSA-3 and
 * MSA-6. The bytes are ASCII unless a text needs more; then UTF-8, and MSH-18 says so. Source: standards 3.4.
 */
export function acknowledgement(answer: Acknowledgement): Buffer {
  const ascii = write(answer, '');
  if (isAscii(Buffer.from(ascii))) return Buffer.from(ascii);
  return Buffer.from(write(answer, 'UNICODE UTF-8'));
}

function write(answer: Acknowledgement, charset: string): string {
  const delimiters = answer.of?.delimiters ?? STANDARD_DELIMITERS;
  const segments = [header(answer, charset, delimiters), result(answer, delimiters)];
  if (answer.error && hasErrorSegment(answer)) segments.push(errorSegment(answer.error, delimiters));
  return writeMessage(segments, delimiters);
}

function header({ of, controlId, at }: Acknowledgement, charset: string, delimiters: Delimiters): WrittenSegment {
  const raw = (field: number): string => of?.raw(field) ?? '';
  const trigger = of?.triggerEvent ?? '';
  return segment(
    'MSH',
    {
      3: raw(5),
      4: raw(6),
      5: raw(3),
      6: raw(4),
      7: value(at, delimiters),
      9: trigger === '' ? 'ACK' : components(['ACK', trigger, 'ACK'], delimiters),
      10: value(controlId, delimiters),
      11: raw(11) || 'P',
      12: raw(12) || VERSION_UNKNOWN,
      18: charset,
    },
    delimiters,
  );
}

function result(answer: Acknowledgement, delimiters: Delimiters): WrittenSegment {
  const fields: Record<number, string> = { 1: answer.code, 2: answer.of?.raw(10) ?? '' };
  if (answer.error && !hasErrorSegment(answer)) {
    const { bryCode, text } = answer.error;
    fields[3] = value((bryCode ? `${bryCode} ${text}` : text).slice(0, MSA_3_LONGEST), delimiters);
    fields[6] = condition(answer.error, delimiters);
  }
  return segment('MSA', fields);
}

function errorSegment(error: AcknowledgementError, delimiters: Delimiters): WrittenSegment {
  return segment('ERR', {
    2: error.location ? components(error.location.split('^'), delimiters) : '',
    3: condition(error, delimiters),
    4: error.severity,
    5: error.bryCode ? components([error.bryCode, '', 'BRYGGAN'], delimiters) : '',
    8: value(error.text, delimiters),
  });
}

function condition({ hl7Code }: AcknowledgementError, delimiters: Delimiters): string {
  return components([hl7Code, CONDITIONS.get(hl7Code) ?? '', 'HL70357'], delimiters);
}

/** ERR in this shape came with version 2.5; a message that tells no version is answered as 2.5.1. */
function hasErrorSegment({ of }: Acknowledgement): boolean {
  const [major = 2, minor = 0] = (of?.version || VERSION_UNKNOWN).split('.').map((part) => parseInt(part, 10) || 0);
  return major > 2 || (major === 2 && minor >= 5);
}
