import { fault, foreignContent, type Fault } from '#libs/platform';
import type { Agreement } from './agreement.ts';

/** What of a message's header decides whether it is taken in: of MSH-10, MSH-11 and MSH-12, and of its type wherever it says that. */
export interface DecidingFields {
  readonly controlId: string;
  readonly processingId: string;
  readonly version: string;
}

/** Versions whose messages are read alike (standards 3.3): 2.1 to 2.9, also with a part of a national one behind (`2.4.3.52854`). */
const VERSION = /^2\.[1-9](?:\.\d+)*$/;

/**
 * Why the hub takes no such message of this sender, by the header alone: what the answer AR says is the first of these
 * (standards 3.4). The front door and a check both ask here, for a check that says AA where the hub says AR is worth nothing.
 * @returns none when the message is taken in; everything that only the content can tell is found out later
 */
export function headerFaults(
  { controlId, processingId, version }: DecidingFields,
  { code, trigger }: { readonly code: string; readonly trigger: string },
  agreement: Pick<Agreement, 'processingId' | 'triggers'>,
): readonly Fault[] {
  const faults: Fault[] = [];
  // A sender that names no version is read all the same.
  if (version !== '' && !VERSION.test(version)) faults.push(fault('unsupported-version', 'MSH-12'));
  if (code === '' && trigger === '') faults.push(fault('missing-field', 'MSH-9'));
  else if (code !== 'ADT') faults.push(fault('unknown-message-type', 'MSH-9.1'));
  else if (!agreement.triggers.has(trigger)) faults.push(fault('unsupported-trigger', 'MSH-9.2'));
  if (processingId === '') faults.push(fault('missing-field', 'MSH-11'));
  else if (processingId !== agreement.processingId) faults.push(fault('wrong-processing-id', 'MSH-11'));
  if (controlId === '') faults.push(fault('missing-field', 'MSH-10'));
  return faults;
}

/**
 * Why bytes whose header cannot be read are no HL7 v2 message: a batch that is none, or what they are instead.
 * @param fault of `readHeader`
 */
export function headerlessFault({ code }: { readonly code: string }, bytes: Uint8Array): Fault {
  if (code === 'batch') return fault('batch-not-taken', 'MSH');
  if (code === 'bad-delimiters') return fault('bad-delimiters', 'MSH-2');
  const foreign = foreignContent(bytes);
  return foreign === undefined ? fault('no-header', 'MSH') : fault(foreign);
}
