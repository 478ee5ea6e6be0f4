import type { OutRecord } from '#libs/messaging';
import type { Agreement } from '#libs/county';
import { HL7_CONTENT_TYPE, parseMessage, type Hl7Message } from '#libs/hl7v2';
import { rootTrace, type Clock, type IdMaker } from '#libs/platform';

export interface Taken {
  readonly bytes: Buffer;
  readonly agreement: Agreement;
  readonly controlId: string;
  /** Of this replica's `IntakeStamp`. */
  readonly intakeStamp: number;
  /** An application answer is to follow: to the life of an ingress that says so (`ApplicationAnswers`). */
  readonly answer?: string | undefined;
  /** Who wrote it in the sender's name. */
  readonly writtenBy?: string | undefined;
}

/**
 * The record on `inbound`: the bytes as they came (architecture 2.2). The same bytes of the same sender have the same id,
 * whenever they come. The hub's time goes along only under the driven clock, as a header: a record's own timestamp is
 * the broker's (architecture 7).
 *
 * `intake-stamp` orders what one replica took in, of equal times the last holds (DEC-20): the broker's time is that of a
 * batch. Records of before it have none; they are read as their timestamp in microseconds plus their offset modulo 1000.
 */
export function inboundRecord(
  { bytes, agreement, controlId, intakeStamp, answer, writtenBy }: Taken,
  topic: string,
  clock: Clock,
  ids: IdMaker,
): OutRecord & { value: Buffer } {
  const id = ids.inbound(agreement.id, bytes);
  return {
    topic,
    key: spreadKeyOf(bytes, agreement, controlId, ids),
    id,
    kind: 'hl7v2',
    schemaVersion: 1,
    traceparent: rootTrace(id),
    value: bytes,
    extra: {
      sender: agreement.id,
      'content-type': HL7_CONTENT_TYPE,
      'intake-stamp': String(intakeStamp),
      ...(answer !== undefined && { answer }),
      ...(writtenBy !== undefined && { 'written-by': writtenBy }),
      ...(clock.driven && { intake: new Date(clock.now()).toISOString() }),
    },
  };
}

/**
 * Key of the record on `inbound`: the visit, else the patient, else the message itself (architecture 2.3). It spreads and
 * keeps the publishing order of a stay; correctness never rests on it, so the bytes are read as Latin-1 and nothing is
 * checked. What cannot be parsed is kept all the same.
 */
function spreadKeyOf(bytes: Buffer, agreement: Agreement, controlId: string, ids: IdMaker): string {
  const message = parseMessage(bytes.toString('latin1'));
  const byContent = message.ok ? keyByContent(message.value, agreement, ids) : undefined;
  return byContent ?? ids.other('spread-message', agreement.id, controlId);
}

function keyByContent(message: Hl7Message, { organisation, fields }: Agreement, ids: IdMaker): string | undefined {
  const { visitId: at, identities } = fields;
  const visitId = message.text(at.segment, at.field, at.component ?? 1, at.subcomponent ?? 1)?.trim();
  if (visitId) return ids.spreadKey(organisation, visitId);
  const patient = message.text(identities.segment, identities.field)?.trim();
  if (!patient) return undefined;
  const assigner = [1, 2].map((sub) => message.text(identities.segment, identities.field, 4, sub) ?? '').join('&');
  return ids.spreadKeyOfPatient(assigner, patient);
}
