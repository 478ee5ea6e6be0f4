import { localDate, TRIGGERS, type Instant, type StayEvent, type Trigger } from '#libs/domain';
import type { EventRaw } from '#libs/fhir';
import {
  charsetNamed,
  decodeCharset,
  parseMessage,
  readHeader,
  type Hl7Message,
  type MessageHeaderFields,
} from '#libs/hl7v2';
import { fault, termsOf, type Agreement, type County, type Fault, type IdMaker } from '#libs/platform';
import { readEncounter } from './encounter.ts';
import { readFacts } from './facts.ts';
import { Findings } from './findings.ts';
import { readPatient } from './patient.ts';
import { placeOf, textAt } from './places.ts';
import { readTime } from './times.ts';

/**
 * Grows with every change of meaning in this app. An event's revision is the agreement's times a thousand plus this, so
 * that a replay after a mend of either replaces what was read before (architecture 2.5).
 */
export const TRANSLATOR_REVISION = 1;

/** A message as it lies on `inbound`. */
export interface Arrival {
  readonly inboundId: string;
  /** Id of the sender's agreement. */
  readonly sender: string;
  readonly bytes: Buffer;
  readonly intakeAt: Instant;
}

export interface TranslatorParts {
  readonly county: Pick<County, 'agreement'>;
  readonly ids: IdMaker;
}

/** The event, or all that hinders it. `trigger` is MSH-9.2 where it could be read. */
export type Translation =
  | { readonly kind: 'event'; readonly event: StayEvent; readonly raw: EventRaw }
  | { readonly kind: 'rejection'; readonly faults: readonly Fault[]; readonly trigger: string | undefined };

/**
 * Reads a message by its sender's agreement in force when the hub took it in. Pure but for the tables it is given: the
 * same bytes, agreement and secret give the same event on every replay. What the sender did wrong is a rejection.
 */
export function translate(arrival: Arrival, parts: TranslatorParts): Translation {
  const header = readHeader(arrival.bytes);
  if (!header.ok) return rejection([fault(header.fault.code === 'batch' ? 'batch-not-taken' : 'no-header', 'MSH')]);
  const trigger = header.value.triggerEvent;
  const agreement = parts.county.agreement(arrival.sender, localDate(arrival.intakeAt));
  if (agreement === undefined) return rejection([fault('unknown-sender', 'MSH-4')], trigger);
  if (header.value.messageCode !== 'ADT') return rejection([fault('unknown-message-type', 'MSH-9.1')], trigger);
  if (!isTrigger(trigger)) return rejection([fault('unsupported-trigger', 'MSH-9.2')], trigger);
  const decoded = decodeCharset(arrival.bytes, header.value.characterSet, charsetNamed(agreement.defaultCharset));
  if (!decoded.ok) return rejection([fault('bad-charset', 'MSH-18')], trigger);
  const message = parseMessage(decoded.value.text, decoded.value.charset);
  if (!message.ok) return rejection([fault('parse-fault', `line ${message.fault.line}`)], trigger);
  const findings = new Findings();
  const translation = read(message.value, header.value, trigger, agreement, arrival, parts.ids, findings);
  if (translation && decoded.value.damagedBySender && holdsDamage(translation.event))
    findings.add('bad-charset', 'MSH-18');
  return translation && findings.faults.length === 0 ? translation : rejection(findings.faults, trigger);
}

function read(
  message: Hl7Message,
  header: MessageHeaderFields,
  trigger: Trigger,
  agreement: Agreement,
  { inboundId, intakeAt }: Arrival,
  ids: IdMaker,
  findings: Findings,
): Extract<Translation, { kind: 'event' }> | undefined {
  const { fields, organisation } = agreement;
  const sent = readTime(message.value('MSH', 7), 'MSH-7', findings);
  if (!sent && findings.faults.length === 0) findings.add('missing-field', 'MSH-7');
  const visitId = textAt(message, fields.visitId)?.trim();
  if (!visitId) findings.add('no-visit-id', placeOf(fields.visitId));
  const sentAt = sent?.start ?? intakeAt;
  const occurred = readOccurred(message, agreement, findings);
  const patient = readPatient(message, agreement, Number(localDate(sentAt).slice(0, 4)), findings);
  const encounter = readEncounter(message, agreement, findings);
  const facts = readFacts(message, { sentAt, occurredAt: occurred?.start }, findings);
  const [identity] = patient.identities;
  if (!visitId || !identity) return undefined;
  const event: StayEvent = {
    eventId: ids.event(inboundId, 0),
    inboundId,
    ordinal: 0,
    revision: agreement.revision * 1000 + TRANSLATOR_REVISION,
    stayId: ids.stay(organisation, visitId),
    patientId: ids.patient(identity.system, identity.value),
    sender: agreement.id,
    trigger,
    sentAt,
    ...(occurred && { occurredAt: occurred }),
    intakeAt,
    terms: termsOf(agreement, encounter.ward ?? undefined),
    patient,
    encounter,
    facts,
  };
  return { kind: 'event', event, raw: { controlId: header.controlId, visitId } };
}

/** EVN-6 (or where the agreement says): null says no more than empty. */
function readOccurred(message: Hl7Message, { fields }: Agreement, findings: Findings): StayEvent['occurredAt'] {
  const { segment, field, component, subcomponent } = fields.occurredAt;
  const value = message.value(segment, field, component ?? 1, subcomponent ?? 1);
  return readTime(value, placeOf(fields.occurredAt), findings) ?? undefined;
}

/** The sender lost letters before us, and in what we would pass on: a name with U+FFFD is nobody's (standards 8.3). */
function holdsDamage(event: StayEvent): boolean {
  return JSON.stringify([event.patient, event.encounter, event.facts]).includes('\uFFFD');
}

function isTrigger(text: string): text is Trigger {
  return (TRIGGERS as readonly string[]).includes(text);
}

function rejection(faults: readonly Fault[], trigger?: string): Translation {
  return { kind: 'rejection', faults, trigger };
}
