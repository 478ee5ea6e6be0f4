import { readFileSync } from 'node:fs';
import { filesAt, messagesIn, splitBatch } from '#libs/hl7v2';
import { checkMessage, type Checked, type CheckParts } from './check-message.ts';

/** A message of a file, and what a check says of it. */
export interface CheckedFile {
  readonly file: string;
  readonly checked: Checked;
}

/**
 * Checks every message of files and folders, in the order of their names. A JSON file is a FHIR message when it is a resource,
 * else a form; anything else is HL7 v2, one message or several.
 * @param sender by whose agreement they are read; without it HL7 v2 is read by that of its MSH-4
 * @throws Error of the file system for what cannot be read
 */
export function* checkFiles(
  paths: readonly string[],
  sender: string | undefined,
  parts: CheckParts,
): Generator<CheckedFile> {
  for (const file of paths.flatMap(filesAt)) {
    for (const { bytes, kind } of messagesOf(file)) {
      yield { file, checked: checkMessage({ bytes, kind, sender }, parts) };
    }
  }
}

function messagesOf(file: string): { bytes: Buffer; kind: string }[] {
  const bytes = readFileSync(file);
  // A byte order mark may stand before either kind; TextDecoder leaves it out, as the door does.
  if (!/^\s*[{[]/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) {
    return messagesIn(bytes).flatMap((message) => {
      // Each message of a batch is taken as if it had come alone; one that cannot be split is refused whole.
      const batch = /^[FB]HS/.test(message.bytes.subarray(0, 3).toString('latin1')) && splitBatch(message.bytes);
      const messages = batch && batch.ok ? batch.value.messages : [message.bytes];
      return messages.map((one) => ({ bytes: one, kind: 'hl7v2' }));
    });
  }
  return [{ bytes, kind: bytes.includes('"resourceType"') ? 'fhir-message' : 'notice-form' }];
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
  return {
    messages: checked.length,
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
