import type { Charset } from './charset.ts';
import { delimitersOf, type Delimiters } from './delimiters.ts';
import { Hl7Message, Segment } from './message.ts';
import { failure, success, type Result } from './result.ts';

export interface ParseFault {
  readonly code: 'no-header' | 'bad-delimiters' | 'bad-segment' | 'batch' | 'several-messages';
  /** The number of the line, from 1, where it went wrong; never its content. */
  readonly line: number;
}

/**
 * One message as text to its segments; nothing is thrown whatever the text. `charset` is the one the text was decoded
 * by, for `\X..\` escapes. A byte order mark, blank lines and trailing spaces of a segment are dropped; unknown
 * segments are kept, and names are read in capitals. A line that is no segment is a fault, but for one case: in a message whose segments end with CR
 * or CRLF, a bare LF within a text does not end its segment. Batches (FHS, BHS) and a second MSH are faults: reading only the
 * first message of several would lose the others. Source: standards 3.3 (parse rules).
 */
export function parseMessage(text: string, charset: Charset = 'UNICODE UTF-8'): Result<Hl7Message, ParseFault> {
  const body = text.replace(/^[\uFEFF\s]+/, '');
  const delimiters = readDelimiters(body);
  if (delimiters === undefined) return failure({ code: headFault(body), line: 1 });
  const lines = segmentLines(body, delimiters.field);
  const reading = { delimiters, charset };
  const segments: Segment[] = [];
  for (const [index, line] of lines.entries()) {
    const raw = trimEnd(line);
    if (raw === '') continue;
    const name = segmentName(raw, delimiters.field);
    const code = lineFault(name, segments.length);
    if (name === undefined || code !== undefined) return failure({ code: code ?? 'bad-segment', line: index + 1 });
    segments.push(new Segment(name.toUpperCase(), raw, reading));
  }
  return success(new Hl7Message(reading, segments));
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

function lineFault(name: string | undefined, before: number): ParseFault['code'] | undefined {
  if (name === undefined) return 'bad-segment';
  if (name === 'MSH' && before > 0) return 'several-messages';
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

function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\n')) end--;
  return end === line.length ? line : line.slice(0, end);
}
