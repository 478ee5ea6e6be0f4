import { fault, type Fault } from '#libs/platform';

/**
 * A message of an old service as the notice form that says the same, not yet looked at; or why it says nothing that is carried
 * over.
 */
export type ExportedForm = { readonly form: object } | { readonly unread: string };

/** Why a file is no export of that service at all, as a fault or in words for whoever made it: nothing of it is read. */
export interface UnreadableFile {
  readonly unreadable: Fault | string;
}

/** A whole file as text, by what both formats agree on: UTF-8 (a byte order mark is passed over), and no control characters. */
export function textOf(file: Uint8Array): { readonly text: string } | UnreadableFile {
  if (file.length > MOST_FILE_BYTES) return { unreadable: fault('body-too-large') };
  let text: string;
  try {
    text = UTF8.decode(file);
  } catch {
    return { unreadable: fault('bad-encoding') };
  }
  return CONTROL.test(text) ? { unreadable: fault('bad-character') } : { text };
}

/** Some hundred thousand messages; a larger export is cut by whoever makes it. */
const MOST_FILE_BYTES = 128 * 1024 * 1024;
const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** No text of a message has one but what ends lines and divides columns; a packed or binary file has many. */
const CONTROL = /[^\P{Cc}\t\r\n]/u;
