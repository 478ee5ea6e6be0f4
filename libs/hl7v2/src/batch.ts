import { delimitersOf, STANDARD_DELIMITERS } from './delimiters.ts';
import { contentStart } from './header.ts';
import { failure, success, type Result } from './result.ts';
import { segment, writeMessage } from './write.ts';

/** A batch taken apart: the messages as they came, byte for byte, and what its headers say for the answer. */
export interface Batch {
  readonly messages: readonly Buffer[];
  /** The first FHS, where there is one, and the first BHS, as text of Latin-1: each byte one character. */
  readonly fileHeader: string | undefined;
  readonly batchHeader: string | undefined;
}

/**
 * `text-outside`: a line that belongs to no message; `count-differs`: BTS-1 or FTS-1 says another number than there are;
 * `too-many`: more messages than are answered at once.
 */
export interface BatchFault {
  readonly code: 'empty' | 'text-outside' | 'count-differs' | 'too-many';
  readonly place: string;
}

/** More than any sender has; each of them is answered, and a frame of a megabyte could hold fifty thousand. */
const MOST_MESSAGES = 1000;

const HEADERS = new Set(['FHS', 'BHS', 'BTS', 'FTS', 'MSH']);

/**
 * Takes a batch apart (HL7 v2 chapter 2.10.3: `[FHS] { [BHS] { message } [BTS] } [FTS]`). Nothing of a message is changed, so
 * that a message has the same bytes, and so the same id, in a batch and alone. A trailer whose number differs says that
 * something was lost on the way: then nothing of the batch is taken.
 */
export function splitBatch(whole: Buffer): Result<Batch, BatchFault> {
  const bytes = whole.subarray(contentStart(whole));
  const text = bytes.toString('latin1');
  const messages: Buffer[] = [];
  let [fileHeader, batchHeader]: (string | undefined)[] = [];
  let [begun, batches, inBatch]: [number | undefined, number, number] = [undefined, 0, 0];
  const endMessage = (at: number): void => {
    if (begun === undefined) return;
    messages.push(bytes.subarray(begun, at));
    inBatch++;
    begun = undefined;
  };
  for (const { 0: line, index: at } of text.matchAll(/[^\r\n ][^\r\n]*/g)) {
    const name = /^[A-Z]{3}(?![A-Za-z0-9])/.exec(line)?.[0] ?? '';
    if (!HEADERS.has(name)) {
      // The end of a file (Ctrl-Z, NUL) says nothing.
      if (begun === undefined && /[^\p{Cc} ]/u.test(line)) return failure({ code: 'text-outside', place: 'BHS' });
      continue;
    }
    endMessage(at);
    if (name === 'MSH') begun = at;
    if (name === 'FHS') fileHeader ??= line;
    if (name === 'BHS') {
      batchHeader ??= line;
      batches++;
      inBatch = 0;
    }
    if (name === 'BTS' && !counts(line, inBatch)) return failure({ code: 'count-differs', place: 'BTS-1' });
    // Messages without a header of their batch are one batch all the same.
    if (name === 'FTS' && !counts(line, Math.max(batches, 1)))
      return failure({ code: 'count-differs', place: 'FTS-1' });
  }
  endMessage(bytes.length);
  if (messages.length === 0) return failure({ code: 'empty', place: 'BHS' });
  if (messages.length > MOST_MESSAGES) return failure({ code: 'too-many', place: 'BHS' });
  return success({ messages, fileHeader, batchHeader });
}

/** Whether a trailer's first field, where it is a number, is this one. */
function counts(trailer: string, count: number): boolean {
  const stated = /^[A-Z]{3}[^A-Za-z0-9](\d{1,9})(?!\d)/.exec(trailer)?.[1];
  return stated === undefined || Number(stated) === count;
}

/** The longest that is echoed of a header's field. */
const LONGEST_ECHO = 227;

/**
 * The answers to the messages of a batch as one batch (chapter 2.10.3.3): its headers with sender and receiver swapped and the
 * batch's own control id as reference (BHS-12), then the answers, each as it would be alone. `at` is a DTM with offset.
 */
export function batchOfAnswers(of: Batch, answers: readonly Buffer[], at: string): Buffer {
  const isFile = of.fileHeader !== undefined;
  const head = [...(isFile ? [header('FHS', of.fileHeader, at)] : []), header('BHS', of.batchHeader ?? '', at)];
  const trailer = [segment('BTS', { 1: `${answers.length}` }), ...(isFile ? [segment('FTS', { 1: '1' })] : [])];
  return Buffer.concat([
    Buffer.from(head.join(''), 'latin1'),
    ...answers,
    Buffer.from(writeMessage(trailer), 'latin1'),
  ]);
}

/**
 * FHS and BHS have the same fields: 3 to 6 sender and receiver, 7 when, 11 control id, 12 the one that is answered. What is
 * echoed stands as it was written, in the delimiters that the header itself names.
 */
function header(name: 'FHS' | 'BHS', asked: string, at: string): string {
  const fields = asked.split(asked.charAt(3) || '|');
  const delimiters = delimitersOf(asked.charAt(3), fields[1] ?? '') ?? STANDARD_DELIMITERS;
  const echo = (field: number): string => (fields[field - 1] ?? '').slice(0, LONGEST_ECHO).replace(/\p{Cc}/gu, ' ');
  const answered = { 3: echo(5), 4: echo(6), 5: echo(3), 6: echo(4), 7: at, 12: echo(11) };
  return writeMessage([segment(name, answered, delimiters)], delimiters);
}
