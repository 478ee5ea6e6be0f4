import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a message without its frame is over HTTP (contract 3). */
export const HL7_CONTENT_TYPE = 'x-application/hl7-v2+er7';

/** A message of a file, ready for MLLP. */
export interface FileMessage {
  readonly bytes: Buffer;
  /** All that is between delimiters in it, as text: its visit id is one of them, wherever its sender writes it. */
  readonly values: ReadonlySet<string>;
}

/** The file at a path, or all files of a folder and of those in it, in the order of their names. @throws Error of the file system */
export function filesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() || entry.isFile() ? filesAt(join(path, entry.name)) : []));
}

/** Start and end of an MLLP frame. */
const FRAMING = ['\x0b', '\x1c'];
/** A message begins with a line that begins with MSH. */
const BEGINNING = /(?:^|[\r\n])(?=MSH)/;
const DELIMITERS = /[|^~\\&\r]/;

/**
 * The messages of a file. Editors end lines with LF and save frames as they were caught: segments end with CR here, and the
 * bytes of a frame are left out. All else is sent as it stands, in the file's own charset, and so is an LF within a text where
 * segments end with CR. A batch (FHS, BHS) is one message.
 */
export function messagesIn(file: Buffer): FileMessage[] {
  // Latin-1 keeps every byte as it is.
  const text = FRAMING.reduce((left, byte) => left.replaceAll(byte, ''), file.toString('latin1'))
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/\r\n/g, '\r')
    .replace(/^[\r\n]+/, '');
  const ended = text.includes('\r') ? text : text.replaceAll('\n', '\r');
  const messages = /^[FB]HS/.test(ended) ? [ended] : ended.split(BEGINNING);
  return messages
    .filter((message) => message.trim() !== '')
    .map((message) => ({ bytes: Buffer.from(message, 'latin1'), values: new Set(message.split(DELIMITERS)) }));
}
