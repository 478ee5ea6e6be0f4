import {
  CANCELS,
  instantInOrder,
  isFarAhead,
  localDate,
  type Course,
  type EncounterStatement,
  type Instant,
  type StatedTime,
  type StayEvent,
} from '#libs/domain';
import { messageTypeOf, readHeader } from '#libs/hl7v2';
import { headerlessFault, termsOf, type Agreement, type TimeField } from '#libs/county';
import { fault, type Fault } from '#libs/platform';
import { type AdmissionTimes, admits, readEncounter, refuseSecondVisit, withoutFutureAdmission } from './encounter.ts';
import { readFacts } from './facts.ts';
import { Findings } from '../findings.ts';
import {
  revisionOf,
  type Arrival,
  type TranslatedEvent,
  type SenderTranslation,
  type TranslatorParts,
} from '../translation.ts';
import { readText } from './message-text.ts';
import { identifierAt, placeOf, type Sources, textAt, valueAt } from './places.ts';
import { readPatient } from './patient.ts';
import { readPersonEvents } from './person-events.ts';
import { MessageTimes } from './times.ts';

/**
 * Reads a message by its sender's agreement in force when the hub took it in. Pure but for the tables it is given: the
 * same bytes, agreement and secret give the same event on every replay. Only what SAL-1 names is a rejection; all else that
 * is wrong stands on the event (SAL-5).
 */
export function readHl7v2(arrival: Arrival, parts: TranslatorParts): SenderTranslation {
  const header = readHeader(arrival.bytes);
  if (!header.ok) return rejection([headerlessFault(header.fault, arrival.bytes)]);
  const { controlId } = header.value;
  const { code, trigger } = messageTypeOf(header.value, arrival.bytes);
  const rejected = (...faults: readonly Fault[]): SenderTranslation => rejection(faults, trigger, controlId);
  const agreement = parts.county.agreement(arrival.sender, localDate(arrival.intakeAt));
  if (agreement === undefined) return rejected(fault('unknown-sender', 'MSH-4'));
  if (code !== 'ADT') return rejected(fault('unknown-message-type', 'MSH-9.1'));
  const lines = agreement.triggers.get(trigger);
  if (lines === undefined) return rejected(fault('unsupported-trigger', 'MSH-9.2'));
  const findings = new Findings();
  const message = readText(arrival.bytes, header.value.characterSet, agreement.defaultCharset, findings);
  if (!message) return rejected(...findings.faults);
  const rule = lines.find(({ when }) => when.every(({ field, is }) => is.includes(textAt(message, field) ?? '')));
  if (!rule) return rejected(fault('unsupported-trigger', placeOf(lines[0]?.when[0]?.field ?? TRIGGER)));
  const { ids } = parts;
  const sources: Sources = { message, header: header.value, trigger, rule, agreement, arrival, findings, ids };
  const events = readEvents(sources);
  return events ? { kind: 'events', events } : rejected(...findings.faults);
}

const TRIGGER = { segment: 'MSH', field: 9, component: 2 };

function readEvents(sources: Sources): readonly TranslatedEvent[] | undefined {
  const { message, rule, agreement, arrival, findings } = sources;
  const times = new MessageTimes(message, agreement, arrival.intakeAt, findings);
  const { course } = rule;
  if (course === 'describe-person' || course === 'merge-persons') return readPersonEvents(sources, course, times);
  const event = readStayEvent(sources, course, times);
  return event && [event];
}

function readStayEvent(sources: Sources, course: Course, times: MessageTimes): TranslatedEvent | undefined {
  const { message, header, trigger, agreement, ids, findings } = sources;
  const { inboundId, intakeAt, intakeStamp } = sources.arrival;
  const { fields, organisation } = agreement;
  const visitId = identifierAt(message, fields.visitId);
  if (!visitId) findings.reject('no-visit-id', placeOf(fields.visitId));
  const occurredPlace = placeOf(fields.occurredAt);
  const saysReady = readinessBy(trigger, course, agreement);
  const patient = readPatient(message, agreement, times, findings);
  refuseSecondVisit(message, agreement, times, { visitId, identities: patient.identities }, findings);
  const stated = {
    occurred: times.read(valueAt(message, fields.occurredAt), occurredPlace) ?? undefined,
    encounter: readEncounter(message, agreement, times, findings),
  };
  const { encounter, occurred } = withoutFutureAdmission(course, stated, times, agreement, findings);
  const facts = readFacts(message, agreement, times, { occurred, occurredPlace, saysReady }, findings);
  tellMissing(course, { encounter, occurred, class: textAt(message, fields.class) }, agreement, findings);
  tellContradicting(course, { encounter, occurred }, times, agreement, findings);
  const at = timeOf(sources, times, occurred, encounter);
  const [identity] = patient.identities;
  if (!visitId || !identity || findings.faults.length > 0) return undefined;
  const event: StayEvent = {
    eventId: ids.event(inboundId, 0),
    inboundId,
    ordinal: 0,
    revision: revisionOf(agreement),
    stayId: ids.stay(organisation, visitId),
    patientId: ids.patient(identity.system, identity.value),
    sender: agreement.id,
    trigger,
    course,
    at,
    sentAt: times.sentAt,
    ...(occurred && { occurredAt: occurred }),
    intakeAt,
    intakeStamp,
    terms: termsOf(agreement, encounter.ward ?? undefined),
    patient,
    encounter,
    facts,
    findings: findings.onEvent,
  };
  return { event, raw: { controlId: header.controlId, visitId } };
}

/** What the trigger itself says of readiness, where the agreement lets it: the one that says it, and what takes that back. */
function readinessBy(trigger: string, course: Course, { ready, triggers }: Agreement): 'Y' | 'N' | undefined {
  if (ready === trigger) return 'Y';
  const said = triggers.get(ready)?.map((line) => line.course) ?? [];
  return (CANCELS[course] ?? []).some((cancelled) => said.includes(cancelled)) ? 'N' : undefined;
}

/** Where the event stands in the order of time: the first field of its trigger's row that is stated and believed, else MSH-7. */
function timeOf(
  { message, rule, agreement }: Sources,
  times: MessageTimes,
  occurred: StatedTime | undefined,
  { start, end }: EncounterStatement,
): Instant {
  const { recordedAt } = agreement.fields;
  const stated = (field: TimeField): StatedTime | null | undefined => {
    if (field === 'recordedAt') return times.read(valueAt(message, recordedAt), placeOf(recordedAt));
    return field === 'occurredAt' ? occurred : field === 'admittedAt' ? start : end;
  };
  // Read one after the other: what nobody needs is not asked for.
  const read = function* () {
    for (const field of rule.time) yield stated(field);
  };
  return instantInOrder(read(), times);
}

/**
 * What an admission or a discharge does not say. Of a time the fold takes that of sending (DEC-28); a visit of no class is no
 * inpatient care, so that nobody would be told of it, and nobody would know why.
 */
function tellMissing(
  course: Course,
  stated: {
    readonly encounter: EncounterStatement;
    readonly occurred: StatedTime | undefined;
    class: string | undefined;
  },
  { fields }: Agreement,
  findings: Findings,
): void {
  const { encounter, occurred } = stated;
  if (course === 'admit' && !stated.class) findings.flag('no-class', placeOf(fields.class));
  if (admits(course, encounter) && !encounter.start && !occurred)
    findings.flag('no-admission-time', placeOf(fields.admittedAt));
  if (course === 'discharge' && !encounter.end && !occurred)
    findings.flag('no-discharge-time', placeOf(fields.dischargedAt));
}

/** What an event says otherwise than its fields do. */
function tellContradicting(
  course: Course,
  { encounter: { class: stated, end }, occurred }: AdmissionTimes,
  { sentUntil }: MessageTimes,
  { fields }: Agreement,
  findings: Findings,
): void {
  const isInpatient =
    course === 'to-inpatient' ? true : course === 'register' || course === 'to-outpatient' ? false : undefined;
  if (stated && isInpatient !== undefined && (stated === 'IMP') !== isInpatient)
    findings.flag('class-differs', placeOf(fields.class));
  // What is planned may be written with the time of the plan.
  if (course !== 'pre-admit' && isFarAhead(occurred, sentUntil))
    findings.flag('event-after-message', placeOf(fields.occurredAt));
  if (course === 'discharge' && isFarAhead(end, sentUntil))
    findings.flag('discharge-after-message', placeOf(fields.dischargedAt));
}

function rejection(faults: readonly Fault[], trigger?: string, controlId?: string): SenderTranslation {
  return { kind: 'rejection', faults, trigger, controlId };
}
