import type { CaseEvent, OperatorEvent, PartyEvent } from '#libs/domain';
import {
  writeCaseEvent,
  writeOutcome,
  writePartyEventBundle,
  writeOperatorEvent,
  writeSenderEvent,
  type OutcomeIssue,
} from '#libs/fhir';
import type { GarbledRecord, InRecord, OutRecord } from '#libs/messaging';
import { childTrace, entryOf, looksLikePersonNumber, type Fault, type IdMaker } from '#libs/platform';
import type { TranslatedEvent } from './translation.ts';

const SCHEMA_VERSION = 1;
const SENDER = /^[A-Za-z0-9-]+$/;
/** A trigger of HL7 v2, or the code of a notice; nothing longer, as a sender may write anything there. */
const TRIGGER = /^(?:[A-Z0-9]{3}|[A-Z]{2,10}(?:-[A-Z]{2,10})?)$/;
const CONTROL_ID = /^[\w.:+-]{1,64}$/;

/** When the hub took a message in. */
export interface Intake {
  readonly intakeAt: number;
  /** Strictly growing per connection: of messages equal in all else the one taken in last holds (DEC-20). */
  readonly intakeStamp: number;
}

/**
 * When the hub took a message in: the header `intake`, which only a driven clock writes, else the broker's append time
 * (architecture 7); and the ingress's stamp. A message taken in before there were stamps gets one of its append time and its
 * offset. A header that is no instant, or no stamp, is as good as none.
 */
export function intakeOf({ headers, timestamp, offset }: Pick<InRecord, 'headers' | 'timestamp' | 'offset'>): Intake {
  const stated = headers['intake'] === undefined ? NaN : Date.parse(headers['intake']);
  const stamp = /^\d{1,16}$/.test(headers['intake-stamp'] ?? '') ? Number(headers['intake-stamp']) : NaN;
  return {
    intakeAt: Number.isNaN(stated) ? timestamp : stated,
    intakeStamp: Number.isSafeInteger(stamp) ? stamp : timestamp * 1000 + Number(offset % 1000n),
  };
}

/** Of the value of a record on `events`: below what Kafka takes by default, with room for headers and key. */
const LARGEST_EVENT_BYTES = 1_000_000;
/** Of a letter in UTF-8. */
const MOST_BYTES = 3;

/** Whether no record holds this value. A message that was taken may become an event that is larger than it was. */
export function isTooLarge(value: string | Buffer): boolean {
  return value.length * MOST_BYTES > LARGEST_EVENT_BYTES && Buffer.byteLength(value) > LARGEST_EVENT_BYTES;
}

/** An event as its record has it. */
export function eventValue({ event, raw }: TranslatedEvent): string {
  return JSON.stringify(writeSenderEvent(event, raw));
}

/** The record on `events` of one event. The key is the one that its message had on `inbound`. */
export function eventRecord(translated: TranslatedEvent, inbound: InRecord, topic: string): OutRecord {
  return {
    topic,
    key: inbound.key,
    id: translated.event.eventId,
    kind: 'event',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(inbound.traceparent),
    value: eventValue(translated),
  };
}

/**
 * The record on `events` of what a party says. The kind of a record tells those who fold messages of wards from those who fold
 * answers.
 */
export function partyEventRecord(event: PartyEvent, inbound: InRecord, topic: string): OutRecord {
  return recordBeside('party-event', event.eventId, writePartyEventBundle(event), inbound, topic);
}

/** The record on `events` of what the operator decides, or of a call that was made beside the hub. */
export function operatorRecord(event: OperatorEvent, inbound: InRecord, topic: string): OutRecord {
  return recordBeside('operator-event', event.eventId, writeOperatorEvent(event), inbound, topic);
}

/** The record on `events` of what a person says of a deviation. */
export function caseRecord(event: CaseEvent, inbound: InRecord, topic: string): OutRecord {
  return recordBeside('case-event', event.eventId, writeCaseEvent(event), inbound, topic);
}

function recordBeside(kind: string, id: string, value: object, inbound: InRecord, topic: string): OutRecord {
  return {
    ...{ topic, key: inbound.key, id, kind, schemaVersion: SCHEMA_VERSION },
    traceparent: childTrace(inbound.traceparent),
    value: JSON.stringify(value),
  };
}

/**
 * The record on `answers` of a message whose sender is owed an application answer (its header `answer`): what became of it, by
 * its own place on `inbound`, so that a message that is sent again is answered again, and one that is read again is not.
 * @returns undefined where none is owed
 */
export function answerRecord(
  { kind, id: inboundId, headers, value, topic: from, partition, offset, traceparent }: InRecord,
  [fault]: readonly Fault[],
  topic: string,
  ids: IdMaker,
): OutRecord | undefined {
  const { answer: life, sender } = headers;
  if (kind !== 'hl7v2' || life === undefined || sender === undefined) return undefined;
  const id = ids.other('answer', from, `${partition}`, `${offset}`);
  const said = {
    ...{ inbound: inboundId, sender, life, header: headerOf(value).toString('base64') },
    ...(fault && { fault: fault.name, ...(fault.place !== undefined && { place: fault.place }) }),
  };
  return {
    ...{ topic, key: id, id, kind: 'answer-due', schemaVersion: SCHEMA_VERSION },
    traceparent: childTrace(traceparent),
    value: JSON.stringify(said),
  };
}

/** An answer echoes no more of its header than fits into this. */
const LONGEST_HEADER = 8192;

function headerOf(bytes: Buffer): Buffer {
  const head = bytes.subarray(bytes.indexOf('MSH')).subarray(0, LONGEST_HEADER);
  const end = head.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  return end < 0 ? head : head.subarray(0, end);
}

/** What is told of a message beside its faults. */
export interface Circumstances {
  readonly intakeAt: number;
  readonly trigger?: string | undefined;
  /** MSH-10. */
  readonly controlId?: string | undefined;
}

/**
 * The record on `rejected`: the coded faults with their places, and where on `inbound` the bytes lie. Nothing of the
 * content: who may see that reads `inbound`.
 */
export function rejectedRecord(
  faults: readonly Fault[],
  inbound: InRecord | GarbledRecord,
  { intakeAt, trigger, controlId = '' }: Circumstances,
  topic: string,
  ids: IdMaker,
): OutRecord {
  const { partition, offset, headers } = inbound;
  const id = 'id' in inbound ? inbound.id : ids.other('garbled', inbound.topic, `${partition}`, `${offset}`);
  const rejectionId = ids.rejection(id, 0);
  const value = {
    outcome: writeOutcome(faults.map(issueOf), rejectionId),
    inbound: { id, topic: inbound.topic, partition, offset: `${offset}` },
    // A foreign record's headers and MSH-9.2 as sent could hold anything: only what has its form is repeated.
    ...(SENDER.test(headers['sender'] ?? '') && { sender: headers['sender'] }),
    ...(TRIGGER.test(trigger ?? '') && { trigger }),
    // By this the sender finds its message again; a sender that writes a person's number there has to look by the time.
    ...(CONTROL_ID.test(controlId) && !looksLikePersonNumber(controlId) && { controlId }),
    receivedAt: new Date(intakeAt).toISOString(),
  };
  return {
    topic,
    key: inbound.key ?? rejectionId,
    id: rejectionId,
    kind: 'rejected',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(headers['traceparent']),
    value: JSON.stringify(value),
  };
}

/** By its kind, readers of `rejected` know that a message has been read after all. */
export const MENDED = 'rejected-mended';

/** A rejection of kind `rejected-mended`: the record as it lies there, said once more. */
export function mendedRecord({ topic, key, id, schemaVersion, traceparent, value }: InRecord): OutRecord {
  return { topic, key, id, kind: MENDED, schemaVersion, traceparent, value };
}

function issueOf(fault: Fault): OutcomeIssue {
  const { code, issue, severity, text } = entryOf(fault);
  return { code, issueCode: issue, severity, text, ...(fault.place !== undefined && { place: fault.place }) };
}
