import { isAscii } from 'node:buffer';
import { type Charset, encodeNearest } from './charset.ts';
import { type Delimiters, STANDARD_DELIMITERS } from './delimiters.ts';
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
 * The longest an echoed field may be (MSH-3 to 6: HD, MSH-10: ST, as of v2.8): an answer is kept in memory until its
 * sender reads it, and a sender may write a control id of a megabyte and never read.
 */
const LONGEST_ECHO = { party: 227, trigger: 20, controlId: 199, processing: 40, version: 60 } as const;

/**
 * Writes the answer to a message, unframed: sender and receiver swapped, MSH-11 and MSH-12 echoed, MSA-2 the incoming
 * MSH-10, all in the message's own delimiters. From version 2.5 on an error is an ERR segment, before it MSA-3 and
 * MSA-6. What is echoed is what was sent, bounded and with a blank for each control character: an FS would end the frame.
 * The bytes are in the charset of the message's header, so that its letters come back as they were (`?` for a letter
 * of ours that it lacks); in UTF-8 where it has none. MSH-18 says which, unless all is ASCII. Source: standards 3.4.
 */
export function acknowledgement(answer: Acknowledgement): Buffer {
  const ascii = Buffer.from(write(answer, ''));
  if (isAscii(ascii)) return ascii;
  const read = answer.of?.charset ?? 'ASCII';
  const charset: Charset = read === 'ASCII' ? 'UNICODE UTF-8' : read;
  return encodeNearest(write(answer, charset), charset);
}

function write(answer: Acknowledgement, charset: string): string {
  const delimiters = answer.of?.delimiters ?? STANDARD_DELIMITERS;
  const segments = [header(answer, charset, delimiters), result(answer, delimiters)];
  if (answer.error && hasErrorSegment(answer)) segments.push(errorSegment(answer.error, delimiters));
  return writeMessage(segments, delimiters);
}

function header({ of, controlId, at }: Acknowledgement, charset: string, delimiters: Delimiters): WrittenSegment {
  const echo = (field: number, longest: number): string => echoed(of?.raw(field) ?? '', longest);
  const trigger = echoed(of?.triggerEvent ?? '', LONGEST_ECHO.trigger);
  return segment(
    'MSH',
    {
      3: echo(5, LONGEST_ECHO.party),
      4: echo(6, LONGEST_ECHO.party),
      5: echo(3, LONGEST_ECHO.party),
      6: echo(4, LONGEST_ECHO.party),
      7: value(at, delimiters),
      9: trigger === '' ? 'ACK' : components(['ACK', trigger, 'ACK'], delimiters),
      10: value(controlId, delimiters),
      11: echo(11, LONGEST_ECHO.processing) || 'P',
      12: echo(12, LONGEST_ECHO.version) || VERSION_UNKNOWN,
      18: charset,
    },
    delimiters,
  );
}

function result(answer: Acknowledgement, delimiters: Delimiters): WrittenSegment {
  const controlId = echoed(answer.of?.raw(10) ?? '', LONGEST_ECHO.controlId);
  const fields: Record<number, string> = { 1: answer.code, 2: controlId };
  if (answer.error && !hasErrorSegment(answer)) {
    const { bryCode, text } = answer.error;
    fields[3] = value((bryCode ? `${bryCode} ${text}` : text).slice(0, MSA_3_LONGEST), delimiters);
    fields[6] = condition(answer.error, delimiters);
  }
  return segment('MSA', fields);
}

/** A part of the message as it may stand in an answer; a pair of surrogates is not cut in two. */
function echoed(raw: string, longest: number): string {
  return raw
    .slice(0, longest)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/\p{Cc}/gu, ' ');
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

/** What became of the message: stored; perhaps not stored, send again; refused, do not send it again as it is. */
export type Outcome = 'accepted' | 'error' | 'rejected';

/** When a sender wants an answer of one kind: table 0155. */
type Occasion = 'always' | 'never' | 'errors' | 'success';

const OCCASIONS = new Map<string, Occasion>([
  ['AL', 'always'],
  ['NE', 'never'],
  ['ER', 'errors'],
  ['SU', 'success'],
]);

/** The answers that a sender wants to an outcome. */
export interface WantedAnswers {
  /** MSA-1 of the answer that goes out at once; undefined when it wants none. */
  readonly now: AcknowledgementCode | undefined;
  /** An application answer is to follow when the message has been read: AA, or AE or AR. */
  readonly later: boolean;
}

/**
 * What a sender wants to hear of an outcome.
 *
 * MSH-15 and MSH-16 both empty is the original mode: one answer, AA, AE or AR, and so is MSH-16 without MSH-15 (or with one
 * that wants nothing of this outcome): whoever wants one answer gets it as soon as the message is stored. Otherwise MSH-15
 * asks for the accept answer (CA, CE, CR: stored or not), and where MSH-16 asks for the application answer too, it comes
 * later, when the message has been read. After CE or CR none follows: the message was not taken over. A code outside of the
 * table is answered always, but not twice: silence would stop the sender. Source: HL7 v2 chapter 2.9.2 and 2.9.3, standards 3.4.
 */
export function wantedAnswers(
  header: Pick<MessageHeaderFields, 'acceptAcknowledgement' | 'applicationAcknowledgement'>,
  outcome: Outcome,
): WantedAnswers {
  const [accept, application] = [header.acceptAcknowledgement, header.applicationAcknowledgement];
  if (accept === '' && application === '') return { now: APPLICATION[outcome], later: false };
  if (isWanted(occasionOf(accept, 'always'), outcome)) {
    const later = outcome === 'accepted' && isWanted(occasionOf(application, 'never'), outcome);
    return { now: ACCEPT[outcome], later };
  }
  const now = isWanted(occasionOf(application, 'always'), outcome) ? APPLICATION[outcome] : undefined;
  return { now, later: false };
}

const ACCEPT = { accepted: 'CA', error: 'CE', rejected: 'CR' } as const;
const APPLICATION = { accepted: 'AA', error: 'AE', rejected: 'AR' } as const;

function occasionOf(code: string, unknown: Occasion): Occasion {
  return code === '' ? 'never' : (OCCASIONS.get(code.toUpperCase()) ?? unknown);
}

function isWanted(occasion: Occasion, outcome: Outcome): boolean {
  return occasion === 'always' || occasion === (outcome === 'accepted' ? 'success' : 'errors');
}
