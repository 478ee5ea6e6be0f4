import type { InRecord, OutRecord, TopicNames } from '#libs/messaging';
import { errorFields, fault, type FaultName, type Log } from '#libs/platform';
import { intakeOf, recordOf } from './records.ts';
import { translate, type Translation, type TranslatorParts } from './translate.ts';

/** A message of `inbound` as this translator reads it. */
export interface TranslatedRecord {
  readonly translation: Translation;
  /** Of topic `events` or `rejected`. */
  readonly record: OutRecord;
}

export interface RecordParts extends TranslatorParts {
  readonly log: Log;
  readonly topics: Pick<TopicNames, 'events' | 'rejected'>;
}

/** One record of `inbound` gives one record out, always, with the same id each time; its intake is the original's. */
export function translateRecord(inbound: InRecord, parts: RecordParts): TranslatedRecord {
  const intake = intakeOf(inbound);
  const translation = translated(inbound, parts);
  return { translation, record: recordOf(translation, inbound, intake.intakeAt, parts.topics, parts.ids) };
}

/** A bug of ours in one message is a rejection like any other: it stops nobody, and a replay mends it (architecture 2.9). */
function translated(inbound: InRecord, parts: RecordParts): Translation {
  const sender = inbound.headers['sender'];
  if (inbound.kind !== 'hl7v2' || sender === undefined) return rejection('undecodable-record');
  try {
    return translate({ inboundId: inbound.id, sender, bytes: inbound.value, ...intakeOf(inbound) }, parts);
  } catch (error) {
    parts.log.withTrace(inbound.traceparent).error('translator.failed', { id: inbound.id, ...errorFields(error) });
    return rejection('translation-bug');
  }
}

function rejection(name: FaultName): Translation {
  return { kind: 'rejection', faults: [fault(name)], trigger: undefined, controlId: undefined };
}
