import { localDate } from '#libs/domain';
import { readNoticeForm, visitIdOf } from '#libs/forms';
import type { OutRecord } from '#libs/messaging';
import { type Clock, entryOf, fault, type Fault, rootTrace } from '#libs/platform';
import { translateForm } from '../forms/read-notice-form.ts';
import type { Arrival, Translation, TranslatorParts } from '../translation.ts';
import type { ExportedForm, UnreadableFile } from './exported-form.ts';
import { messagesOfLifecareSp, readLifecareSp } from './lifecare-sp.ts';
import { messagesOfWebCare, readWebCare } from './webcare.ts';

/** The old services whose exports can be taken over, by what `npm run import -- --from` calls them. */
export const OLD_SERVICES = {
  webcare: { kind: 'import-webcare', messages: messagesOfWebCare, read: readWebCare },
  'lifecare-sp': { kind: 'import-lifecare-sp', messages: messagesOfLifecareSp, read: readLifecareSp },
} as const satisfies Readonly<
  Record<
    string,
    {
      /** Of its records on `inbound`: each holds the bytes of one message as the export had it. */
      readonly kind: string;
      readonly messages: (file: Uint8Array) => readonly string[] | UnreadableFile;
      readonly read: (message: string) => ExportedForm;
    }
  >
>;
export type OldService = keyof typeof OLD_SERVICES;

/**
 * A message of an old service becomes the event that the same notice as a form would have become, so that what was under way
 * at a switch-over goes on in the hub.
 */
export const readImport =
  (service: OldService) =>
  (arrival: Arrival, parts: TranslatorParts): Translation => {
    const exported = OLD_SERVICES[service].read(arrival.bytes.toString('utf8'));
    if (!('form' in exported)) return { kind: 'rejection', faults: [fault('not-carried-over')] };
    const read = readNoticeForm(Buffer.from(JSON.stringify(exported.form)));
    return read.ok ? translateForm(read.value, arrival, parts) : { kind: 'rejection', faults: read.faults };
  };

/** One message of a file that is to be taken over. */
export interface ImportedMessage {
  /** Its place in the file, from 1. */
  readonly number: number;
  readonly record: OutRecord;
  readonly translation: Translation;
  /** Why it is not carried over, where the old service's own words say so. */
  readonly unread?: string;
}

export interface ImportFile {
  readonly service: OldService;
  /** Id of the agreement whose wards wrote the messages. */
  readonly sender: string;
  readonly content: Uint8Array;
}

/** Kafka takes a million bytes in a record; a message of the old services has some hundred. */
const MOST_MESSAGE_BYTES = 900_000;

/**
 * The messages of an exported file, each as the record of `inbound` that it would be, and as the translator reads it. The
 * id of a record hangs on sender and message alone, so that a file that is imported twice, or was cut off, says nothing
 * twice. Nothing is published here.
 * @returns why the file is no such export, where it is none
 */
export function importFile(
  { service, sender, content }: ImportFile,
  parts: TranslatorParts & { readonly clock: Clock; readonly topic: string },
): ImportedMessage[] | UnreadableFile {
  const { clock, ids, topic, county } = parts;
  const { kind, messages, read } = OLD_SERVICES[service];
  const now = clock.now();
  const cut = messages(content);
  if ('unreadable' in cut) return cut;
  return cut.map((text, index) => {
    const value = Buffer.from(text);
    const id = ids.inbound(sender, value, kind);
    // Stamps grow with the order of the file: of messages of one time the later line holds (DEC-20).
    const intakeStamp = now * 1000 + index;
    const arrival = { inboundId: id, sender, bytes: value, intakeAt: now, intakeStamp };
    const exported = read(text);
    const form = 'form' in exported ? readNoticeForm(Buffer.from(JSON.stringify(exported.form))) : undefined;
    const translation: Translation =
      value.length > MOST_MESSAGE_BYTES
        ? { kind: 'rejection', faults: [fault('body-too-large')] }
        : readImport(service)(arrival, parts);
    const organisation = county.agreement(sender, localDate(now))?.organisation ?? sender;
    const isStay = form?.ok === true && translation.kind === 'events';
    const key = isStay ? ids.spreadKey(organisation, visitIdOf(form.value, sender, ids)) : ids.other('import', id);
    const extra = { sender, 'content-type': 'text/plain', 'intake-stamp': String(intakeStamp) };
    return {
      number: index + 1,
      record: { topic, key, id, kind, schemaVersion: 1, traceparent: rootTrace(id), value, extra },
      translation,
      ...('unread' in exported && { unread: exported.unread }),
    };
  });
}

/**
 * What was read and what was not, for people: one line per kind of notice, and one per message that is not carried over. It
 * holds numbers of lines and names of fields, nothing of a person.
 */
export function importReport(messages: readonly ImportedMessage[] | UnreadableFile): string[] {
  if ('unreadable' in messages) return [`nothing is read of this file: ${wordsOf(messages.unreadable)}`];
  const read = messages.flatMap(({ translation }) =>
    translation.kind === 'events' ? translation.events.map(({ event }) => event.trigger) : [],
  );
  const counts = [...Map.groupBy(read, (code) => code)].sort().map(([code, all]) => `${code}: ${all.length}`);
  const lost = messages.flatMap(({ number, translation, unread }) => {
    if (translation.kind !== 'rejection') return [];
    if (unread !== undefined) return [`message ${number}: not carried over: ${unread}`];
    const faults = translation.faults.map((one) => `${one.place ?? ''} ${wordsOf(one)}`.trim());
    return [`message ${number}: ${faults.join(' ')}`];
  });
  return [`read ${read.length} of ${messages.length}`, ...counts, ...lost];
}

const wordsOf = (of: Fault | string): string => (typeof of === 'string' ? of : `${of.code} ${entryOf(of).text}`);
