import type { Charset } from './charset.ts';
import { delimitersOf, type Delimiters } from './delimiters.ts';
import { Hl7Message, Segment } from './message.ts';
import { failure, success, type Result } from './result.ts';

export interface ParseFault {
  readonly code: 'no-header' | 'bad-delimiters' | 'batch' | 'several-messages';
  /** The number of the line, from 1, where it went wrong; never its content. */
  readonly line: number;
}

/**
 * One message as text to its segments; nothing is thrown whatever the text. `charset` is the one the text was decoded
 * by, for `\X..\` escapes. A byte order mark, blank lines, and spaces before and after a segment are dropped; unknown
 * segments are kept, and names are read in capitals. In a message whose segments end with CR or CRLF, a bare LF within a text
 * does not end its segment. A line that is no segment goes on with the one before it where it can, and is told (`brokenLines`):
 * somebody wrapped it, or a text has an unescaped line end. Batches (FHS, BHS) and a second MSH are faults: reading only the
 * first message of several would lose the others. Source: standards 3.3 (parse rules), SAL-1, SAL-4.
 */
export function parseMessage(text: string, charset: Charset = 'UNICODE UTF-8'): Result<Hl7Message, ParseFault> {
  const body = text.replace(/^[\uFEFF\s]+/, '');
  const delimiters = readDelimiters(body);
  if (delimiters === undefined) return failure({ code: headFault(body), line: 1 });
  const reading = { delimiters, charset };
  const segments: Segment[] = [];
  const brokenLines: number[] = [];
  // The segment that is being read, and what the lines after its first add to it.
  let open: Segment | undefined;
  let more: string[] = [];
  const close = (): void => {
    if (open === undefined) return;
    segments.push(more.length === 0 ? open : new Segment(open.name, open.raw + more.join(''), reading));
  };
  let number = 0;
  for (const line of segmentLines(body, delimiters.field)) {
    number++;
    const raw = withoutIndent(trimEnd(line), delimiters.field);
    if (raw === '') continue;
    const name = segmentName(raw, delimiters.field);
    const code = lineFault(name, open !== undefined);
    if (code !== undefined) return failure({ code, line: number });
    if (open !== undefined && name === undefined) {
      brokenLines.push(number);
      more.push(...goingOn(open.name, more.at(-1) ?? open.raw, raw, delimiters));
      continue;
    }
    close();
    open = new Segment((name ?? '').toUpperCase(), raw, reading);
    more = [];
  }
  close();
  return success(new Hl7Message(reading, segments, brokenLines));
}

/** Segments of free text, whose sender may not have escaped the end of a line. */
const OF_TEXT: ReadonlySet<string> = new Set(['OBX', 'NTE']);

/**
 * What a line that is no segment adds to the one before: it was wrapped at a delimiter; or it is the next line of a text; or it
 * has no field at all behind a segment of codes and times, which it would only spoil (`END OF MESSAGE`): then nothing.
 */
function goingOn(name: string, before: string, raw: string, { field, component, repetition }: Delimiters): string[] {
  const text = raw.replace(/^[ \t]+/, '');
  const isDelimiter = (one: string): boolean => [field, component, repetition].includes(one);
  if (isDelimiter(before.charAt(before.length - 1)) || isDelimiter(text.charAt(0))) return [text];
  return OF_TEXT.has(name) || text.includes(field) ? ['\n', text] : [];
}

function readDelimiters(body: string): Delimiters | undefined {
  if (!body.startsWith('MSH')) return undefined;
  const msh1 = body.charAt(3);
  const end = msh1 === '' ? -1 : body.indexOf(msh1, 4);
  return end < 0 || end > 9 ? undefined : delimitersOf(msh1, body.slice(4, end));
}

function headFault(body: string): ParseFault['code'] {
  if (body.startsWith('FHS') || body.startsWith('BHS')) return 'batch';
  return body.startsWith('MSH') ? 'bad-delimiters' : 'no-header';
}

function lineFault(name: string | undefined, isLater: boolean): ParseFault['code'] | undefined {
  if (name === 'MSH' && isLater) return 'several-messages';
  return name === 'FHS' || name === 'BHS' ? 'batch' : undefined;
}

function segmentLines(body: string, field: string): string[] {
  if (!body.includes('\n')) return body.split('\r');
  return body.includes('\r') ? body.split(/\r\n?/).flatMap((line) => joinTexts(line, field)) : body.split('\n');
}

/** Splits at an LF only where a segment begins after it. */
function joinTexts(line: string, field: string): string[] {
  const lines: string[] = [];
  let open: string[] = [];
  let blank = true;
  for (const part of line.split('\n')) {
    const trimmed = trimEnd(part);
    if (blank || segmentName(trimmed, field) !== undefined) {
      lines.push(open.join('\n'));
      open = [];
      blank = trimmed === '';
    }
    open.push(part);
  }
  return [...lines.slice(1), open.join('\n')];
}

/** The segment's name: a letter and two letters or digits, then the separator or the end. */
function segmentName(raw: string, field: string): string | undefined {
  if (raw.length > 3 && raw.charAt(3) !== field) return undefined;
  const name = raw.slice(0, 3);
  return /^[A-Za-z][A-Za-z0-9]{2}$/.test(name) ? name : undefined;
}

/** A segment that somebody indented, without its blanks. Any other line as it is: a text may go on with a word of three letters. */
function withoutIndent(line: string, field: string): string {
  const text = line.trimStart();
  const isSegment = text.length > 3 && text.length < line.length && segmentName(text, field) !== undefined;
  return isSegment ? text : line;
}

function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\n')) end--;
  return end === line.length ? line : line.slice(0, end);
}
