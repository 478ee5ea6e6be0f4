import { messagesIn, readFilesAt, type ReadFile } from '#libs/hl7v2';
import { fault, foreignContent } from '#libs/platform';
import { problemOf } from '../findings.ts';
import { checkMessage, type Checked, type CheckParts } from './check-message.ts';

/** A message of a file, and what a check says of it; of a path where no message is, why. */
export interface CheckedFile {
  readonly file: string;
  readonly checked: Checked;
}

/**
 * Checks every message of files and folders, in the order of their names. A JSON file is a FHIR message when it is a resource,
 * else a form; anything else is HL7 v2, one message or several. What is no message at all is told as what it is, and hides no
 * other file.
 * @param sender by whose agreement they are read; without it HL7 v2 is read by that of its MSH-4
 */
export function* checkFiles(
  paths: readonly string[],
  sender: string | undefined,
  parts: CheckParts,
): Generator<CheckedFile> {
  for (const file of readFilesAt(paths)) {
    for (const checked of checkFile(file, sender, parts)) yield { file: file.path, checked };
  }
}

function* checkFile(file: ReadFile, sender: string | undefined, parts: CheckParts): Generator<Checked> {
  if (file.lacks !== undefined) {
    const faults = [problemOf(fault(file.lacks))];
    yield { kind: 'file', answer: 'none', taken: false, faults, findings: [], becomes: [] };
    return;
  }
  for (const { bytes, kind } of messagesOf(file.bytes)) {
    const checked = checkMessage({ bytes, kind, sender }, parts);
    // Each message of a batch is told as if it had come alone.
    yield* checked.messages ?? [checked];
  }
}

function messagesOf(bytes: Buffer): readonly { readonly bytes: Buffer; readonly kind: string }[] {
  // A byte order mark may stand before either kind; TextDecoder leaves it out, as the door does.
  if (/^\s*[{[]/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) {
    return [{ bytes, kind: bytes.includes('"resourceType"') ? 'fhir-message' : 'notice-form' }];
  }
  const messages = foreignContent(bytes) === undefined ? messagesIn(bytes) : [];
  return (messages.length > 0 ? messages : [{ bytes }]).map((message) => ({ bytes: message.bytes, kind: 'hl7v2' }));
}

/** One kind of trouble of one sender. */
export interface Trouble {
  readonly sender: string;
  /** A code of the table of errors, or what is missing and where. */
  readonly what: string;
  readonly messages: number;
}

export interface Summary {
  readonly messages: number;
  readonly taken: number;
  /** Paths at which no file could be read. */
  readonly unread: number;
  /** The most frequent first. */
  readonly troubles: readonly Trouble[];
}

/** Sums up checks by sender and problem, each problem once for each message. */
export function summaryOf(checked: readonly Checked[]): Summary {
  const counts = new Map<string, Trouble>();
  for (const one of checked) {
    const sender = one.sender ?? '?';
    for (const what of new Set(troublesIn(one))) {
      const key = `${sender}|${what}`;
      counts.set(key, { sender, what, messages: (counts.get(key)?.messages ?? 0) + 1 });
    }
  }
  const unread = checked.filter(({ kind }) => kind === 'file').length;
  return {
    messages: checked.length - unread,
    unread,
    taken: checked.filter(({ taken }) => taken).length,
    troubles: [...counts.values()].sort((a, b) => b.messages - a.messages || (a.what < b.what ? -1 : 1)),
  };
}

function troublesIn({ faults, findings, becomes }: Checked): string[] {
  return [
    ...[...faults, ...findings].map(
      ({ code, place, text }) => `${code}${place === undefined ? '' : ` i ${place}`}: ${text}`,
    ),
    ...becomes.flatMap(({ lacks }) => lacks.map(({ what, place }) => `Saknas: ${what} (${place})`)),
  ];
}
