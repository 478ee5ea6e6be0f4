import { join } from 'node:path';
import { loadCounty, type Agreement } from '#libs/county';
import { IdMaker } from '#libs/platform';
import type { StayEvent } from '#libs/domain';
import { readHl7v2 } from '../src/hl7v2/read-hl7v2.ts';
import type { SenderTranslation, TranslatedEvent, Translation } from '../src/translation.ts';
import { adt, type AdtParts } from './adt.ts';

export const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));
export const ids = new IdMaker(Buffer.alloc(32, 7));
export const INTAKE = Date.parse('2026-05-10T14:31:00+02:00');

/** The default dialect. */
export const KS = agreementOf('KS');

/** Reads bytes as `inbound` has them, from KS unless the message says so, by its agreement with these lines changed. */
export function read(bytes: Buffer | string, changed: Partial<Agreement> = {}, sender = 'KS'): SenderTranslation {
  const buffer = Buffer.from(bytes);
  const parts = {
    county: {
      agreement: (id: string, date: string) => changedBy(county.agreement(id, date), changed),
      directory: county.directory,
    },
    ids,
  };
  return readHl7v2(
    { inboundId: ids.inbound(sender, buffer), sender, bytes: buffer, intakeAt: INTAKE, intakeStamp: INTAKE * 1000 },
    parts,
  );
}

/** The one event of bytes that must become one, with what it carried beside. */
export function translatedOf(bytes: Buffer | string, changed: Partial<Agreement> = {}, sender = 'KS'): TranslatedEvent {
  const translation = read(bytes, changed, sender);
  if (translation.kind !== 'events') throw new Error(`no events: ${faultsOf(translation).join(' ')}`);
  return only(translation.events);
}

/** The one that is there. */
export function only<T>(list: readonly T[]): T {
  const [first, ...more] = list;
  if (first === undefined || more.length > 0) throw new Error(`${list.length}, not one`);
  return first;
}

/** The one event of bytes that must be one of a stay. */
export function stayEventOf(bytes: Buffer | string, changed: Partial<Agreement> = {}): StayEvent {
  const { event } = translatedOf(bytes, changed);
  if ('stayId' in event) return event;
  throw new Error('it is of a person');
}

/** The event of a message that must be one. */
export function eventOf(parts: AdtParts, changed: Partial<Agreement> = {}): StayEvent {
  return stayEventOf(adt(parts), changed);
}

/** What was not right in a message that must be an event, as `grade name@place`. */
export function findingsOf(parts: AdtParts, changed: Partial<Agreement> = {}): string[] {
  return eventOf(parts, changed).findings.map(({ grade, code, place }) => `${grade} ${code}@${place}`);
}

/** The faults of a message that must be rejected, as `name@place`. */
export function faultsOf(translation: Translation): string[] {
  if (translation.kind !== 'rejection') throw new Error('it became an event');
  return translation.faults.map(({ name, place }) => `${name}@${place ?? ''}`);
}

function changedBy(agreement: Agreement | undefined, changed: Partial<Agreement>): Agreement | undefined {
  return agreement && { ...agreement, ...changed };
}

function agreementOf(id: string): Agreement {
  const agreement = county.agreement(id, '2026-05-10');
  if (agreement === undefined) throw new Error(`the demonstration county has no ${id}`);
  return agreement;
}
