import type { Bundle } from 'fhir/r4.js';
import type { IncomingMessage, WardWords } from './message.ts';
import { readIncoming } from './read-message.ts';

/** What is wrong with a message, each as `rule place`. */
export const faultsOf = (value: unknown): string[] => {
  const reading = readIncoming(value);
  return reading.ok ? [] : reading.faults.map(({ rule, place }) => `${rule} ${place}`);
};

/** @throws Error that names what is wrong, when it is refused */
export function read(value: unknown): IncomingMessage {
  const reading = readIncoming(value);
  if (!reading.ok) throw new Error(faultsOf(value).join('\n'));
  return reading.message;
}

/** What a ward's message says. */
export function words(value: unknown): WardWords {
  const message = read(value);
  if (message.words.from !== 'ward') throw new Error('no ward');
  return message.words;
}

/** What is told of a message that is taken all the same, each as `grade rule place`. */
export const findings = (value: unknown) =>
  read(value).findings.map(({ grade, rule, place }) => `${grade} ${rule} ${place}`);

/** A copy in which something has been written otherwise. */
export function changed(bundle: Bundle, change: (resources: Record<string, Record<string, unknown>>) => void): Bundle {
  const copy = structuredClone(bundle);
  const resources = Object.fromEntries(
    (copy.entry ?? []).map(({ resource }) => [resource?.resourceType ?? '', resource]),
  );
  change(resources as never);
  return copy;
}
