import type { PersonRegister } from '#libs/county';
import type { InRecord, OutRecord, TopicNames } from '#libs/messaging';
import { errorFields, type Log } from '#libs/platform';
import { readCheckedActRecord, readReportRecord } from './cases/read-case-word.ts';
import { readFhirMessage } from './fhir/read-fhir-message.ts';
import { readNoticeFormRecord } from './forms/read-notice-form.ts';
import { readHl7v2 } from './hl7v2/read-hl7v2.ts';
import { OLD_SERVICES, readImport } from './imports/read-import.ts';
import { readDecision } from './operations/read-decision.ts';
import {
  caseRecord,
  eventRecord,
  intakeOf,
  isTooLarge,
  operatorRecord,
  partyEventRecord,
  rejectedRecord,
} from './records.ts';
import { askRegister } from './register/ask-register.ts';
import { readReply, readTaskReplyRecord } from './replies/read-reply.ts';
import {
  type Reader,
  type Rejected,
  rejectedFor,
  tooLarge,
  type Translation,
  type TranslatorParts,
} from './translation.ts';

/** A message of `inbound` as this translator reads it. */
export interface TranslatedRecord {
  readonly translation: Translation;
  /** Of topic `events`, one per event and in their order, or one of `rejected`. */
  readonly records: readonly OutRecord[];
}

export interface RecordParts extends TranslatorParts {
  readonly log: Log;
  readonly topics: Pick<TopicNames, 'events' | 'rejected'>;
}

/** One record of `inbound` gives records out, always, with the same ids each time; their intake is the original's. */
export function translateRecord(inbound: InRecord, parts: RecordParts): TranslatedRecord {
  return publishable(readRecord(inbound, parts), inbound, parts);
}

/**
 * As `translateRecord`, of several, each with what the register of persons says of whom it names.
 * @throws MessagingError `unavailable` when the register does not answer
 */
export async function translateRecords(
  inbound: readonly InRecord[],
  parts: RecordParts,
  register: PersonRegister,
): Promise<readonly TranslatedRecord[]> {
  const reads = inbound.map((record) => ({ inbound: record, translation: readRecord(record, parts) }));
  const asked = await askRegister(reads, register);
  return reads.map(({ inbound: record, translation }, at) => publishable(asked[at] ?? translation, record, parts));
}

function publishable(translation: Translation, inbound: InRecord, parts: RecordParts): TranslatedRecord {
  if (translation.kind === 'rejection') return { translation, records: [rejected(translation, inbound, parts)] };
  const records = eventRecords(translation, inbound, parts.topics.events);
  // Told as what it is: the broker would refuse the record, and nobody would know why.
  if (records.some(({ value }) => isTooLarge(value))) return publishable(tooLarge(translation), inbound, parts);
  return { translation, records };
}

function rejected(
  { faults, trigger, controlId }: Rejected,
  inbound: InRecord,
  { ids, topics }: RecordParts,
): OutRecord {
  const circumstances = { intakeAt: intakeOf(inbound).intakeAt, trigger, controlId };
  return rejectedRecord(faults, inbound, circumstances, topics.rejected, ids);
}

function eventRecords(
  translation: Exclude<Translation, { readonly kind: 'rejection' }>,
  inbound: InRecord,
  topic: string,
): readonly OutRecord[] {
  switch (translation.kind) {
    case 'events':
      return translation.events.map((translated) => eventRecord(translated, inbound, topic));
    case 'party-events':
      return translation.events.map((event) => partyEventRecord(event, inbound, topic));
    case 'operator-events':
      return translation.events.map((event) => operatorRecord(event, inbound, topic));
    case 'case-events':
      return translation.events.map((event) => caseRecord(event, inbound, topic));
  }
}

/** A bug of ours in one message is a rejection like any other: it stops nobody, and a replay mends it (architecture 2.9). */
function readRecord(inbound: InRecord, parts: RecordParts): Translation {
  const sender = inbound.headers['sender'];
  const reader = READERS.get(inbound.kind);
  if (reader === undefined || sender === undefined) return rejectedFor('undecodable-record');
  try {
    return reader({ inboundId: inbound.id, sender, bytes: inbound.value, ...intakeOf(inbound) }, parts);
  } catch (error) {
    parts.log.withTrace(inbound.traceparent).error('translator.failed', { id: inbound.id, ...errorFields(error) });
    return rejectedFor('translation-bug');
  }
}

/** Kind of an inbound record (its header `kind`) -> who reads its bytes. A kind that is not here is rejected. */
export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['hl7v2', readHl7v2],
  ['notice-form', readNoticeFormRecord],
  ['reply', readReply],
  ['fhir-message', readFhirMessage],
  ['task-reply', readTaskReplyRecord],
  ['operator-decision', readDecision],
  ['deviation-report', readReportRecord],
  ['case-act', readCheckedActRecord],
  [OLD_SERVICES.webcare.kind, readImport('webcare')],
  [OLD_SERVICES['lifecare-sp'].kind, readImport('lifecare-sp')],
]);
