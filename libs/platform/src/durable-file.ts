import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';
import { isSystemError } from './error-text.ts';

/** Replaces `file` with `text` (mode 0600): after the return it survives a power cut, at no time is it half written. */
export function writeDurably(file: string, text: string): void {
  const temporary = writeBeside(file, text);
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/** Makes `file` with `text` (mode 0600) unless it is there; answers what it holds. Two processes at once get the same. */
export function makeOnce(file: string, text: string): string {
  const temporary = writeBeside(file, text);
  try {
    linkSync(temporary, file);
    syncFolder(dirname(file));
    return text;
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeBeside(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
