import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** What a message without its frame is over HTTP (contract 3). */
export const HL7_CONTENT_TYPE = 'x-application/hl7-v2+er7';

/** A message of a file, ready for MLLP. */
export interface FileMessage {
  readonly bytes: Buffer;
  /** All that is between delimiters in it, as text: its visit id is one of them, wherever its sender writes it. */
  readonly values: ReadonlySet<string>;
}

/** A file that was asked for by itself or with its folder; or why nothing can be read at a path. */
export type ReadFile =
  | { readonly path: string; readonly bytes: Buffer; readonly lacks?: undefined }
  | { readonly path: string; readonly lacks: 'file-unreadable' | 'folder-empty' };

/**
 * What stands at paths: files, and all files of folders and of those in them, in the order of their names, each read when it is
 * its turn. One that cannot be read hides no other. A link to a file is that file; one to a folder is passed over, for it may lead
 * back to where it is.
 */
export function* readFilesAt(paths: readonly string[]): Generator<ReadFile> {
  for (const path of paths) {
    let files = 0;
    for (const file of filesIn(path)) {
      files += 1;
      yield file;
    }
    if (files === 0) yield { path, lacks: 'folder-empty' };
  }
}

function* filesIn(path: string): Generator<ReadFile> {
  const names = namesAt(path);
  if (names === undefined) yield { path, lacks: 'file-unreadable' };
  else if (names === 'file') yield readFileAt(path);
  else for (const name of names) yield* filesIn(join(path, name));
}

function namesAt(path: string): readonly string[] | 'file' | undefined {
  try {
    if (!statSync(path).isDirectory()) return 'file';
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => isLookedAt(entry, path))
      .map(({ name }) => name)
      .sort();
  } catch {
    return undefined;
  }
}

function isLookedAt(entry: Dirent, folder: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory() || entry.isFile();
  const target = statSync(join(folder, entry.name), { throwIfNoEntry: false });
  return target?.isFile() ?? true;
}

function readFileAt(path: string): ReadFile {
  try {
    return { path, bytes: readFileSync(path) };
  } catch {
    return { path, lacks: 'file-unreadable' };
  }
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
