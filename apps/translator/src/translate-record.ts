import type { InRecord, OutRecord, TopicNames } from '#libs/messaging';
import type { PersonRegister } from '#libs/county';
import { errorFields, type Log } from '#libs/platform';
import { caseRecord, operatorRecord, eventRecord, intakeOf, partyEventRecord, rejectedRecord } from './records.ts';
import { READERS } from './readers.ts';
import { askRegister } from './register/ask-register.ts';
import { rejectedFor, type Translation, type TranslatorParts } from './translation.ts';

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
  if (translation.kind === 'events') {
    const records = translation.events.map((translated) => eventRecord(translated, inbound, parts.topics.events));
    return { translation, records };
  }
  if (translation.kind === 'party-events') {
    const records = translation.events.map((event) => partyEventRecord(event, inbound, parts.topics.events));
    return { translation, records };
  }
  if (translation.kind === 'operator-events') {
    const records = translation.events.map((event) => operatorRecord(event, inbound, parts.topics.events));
    return { translation, records };
  }
  if (translation.kind === 'case-events') {
    const records = translation.events.map((event) => caseRecord(event, inbound, parts.topics.events));
    return { translation, records };
  }
  const { faults, trigger, controlId } = translation;
  const circumstances = { intakeAt: intakeOf(inbound).intakeAt, trigger, controlId };
  return {
    translation,
    records: [rejectedRecord(faults, inbound, circumstances, parts.topics.rejected, parts.ids)],
  };
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
