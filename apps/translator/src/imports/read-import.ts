import { readNoticeForm } from '#libs/forms';
import { fault } from '#libs/platform';
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
