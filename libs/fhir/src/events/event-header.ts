import type { Extension, MessageHeader, Meta } from 'fhir/r4.js';
import type { Course, EventFinding, Instant, NeedScope, StayEvent, Terms } from '#libs/domain';
import { FINDING_GRADES, LEGAL_FORMS, NEED_SCOPES, REGISTER_ANSWERS } from '#libs/domain';
import { EXTENSION, SYSTEM } from '../addresses.ts';
import { isCourse } from '../codes.ts';
import { missing, organizationId, reference, required } from '../resource.ts';
import { readInstant, timeExtension, writeInstant } from '../times-and-texts.ts';

const origin = (event: StayEvent): Extension => ({
  url: EXTENSION.eventOrigin,
  extension: [
    { url: 'inbound', valueString: event.inboundId },
    { url: 'ordinal', valueInteger: event.ordinal },
    { url: 'revision', valueInteger: event.revision },
    { url: 'intake', valueInstant: writeInstant(event.intakeAt) },
    // Too long for FHIR's integer.
    { url: 'stamp', valueDecimal: event.intakeStamp },
    { url: 'at', valueInstant: writeInstant(event.at) },
    { url: 'sender', valueString: event.sender },
    ...registerPart(event),
  ],
});

/** That the person was looked up in the register of persons, and what that answered. */
export const registerPart = ({ register }: Pick<StayEvent, 'register'>): Extension[] =>
  register === undefined ? [] : [{ url: 'register', valueCode: register }];

const terms = (agreed: Terms): Extension => ({
  url: EXTENSION.agreementTerms,
  extension: [
    { url: 'organisation', valueString: agreed.organisation },
    { url: 'careProvider', valueString: agreed.careProvider },
    { url: 'legalForm', valueCode: agreed.legalForm },
    { url: 'ins', valueCode: agreed.ins },
    ...agreed.impliedNeed.map((scope) => ({ url: 'impliedNeed', valueCode: scope })),
    { url: 'info', valueCode: agreed.info },
    ...(agreed.patientInformation ? [{ url: 'patientInformation', valueCode: agreed.patientInformation }] : []),
    { url: 'clock', valueCode: agreed.clock },
    { url: 'connectedFrom', valueDate: agreed.connectedFrom },
  ],
});

/** One thing that was not right in the message (SAL-5). */
export const writeFinding = ({ grade, code, place }: EventFinding): Extension => ({
  url: EXTENSION.eventFinding,
  extension: [
    { url: 'grade', valueCode: grade },
    { url: 'code', valueCode: code },
    { url: 'place', valueString: place },
  ],
});

const course = (code: Course): Extension => ({
  url: EXTENSION.eventCourse,
  valueCoding: { system: SYSTEM.course, code },
});

/** Triggers of HL7 v2 are a letter and two digits; what comes by FHIR or form has the code of its notice (contract 2). */
const V2_TRIGGER = /^[A-Z][0-9]{2}$/;

/** The header of an event: its trigger and course, whom it comes from, what was agreed, and what was not right in it. */
export function writeEventHeader(event: StayEvent, meta: Meta | undefined): MessageHeader {
  const extension = [course(event.course), origin(event), terms(event.terms)];
  if (event.occurredAt !== undefined) extension.push(timeExtension(EXTENSION.eventOccurred, event.occurredAt));
  for (const finding of event.findings) extension.push(writeFinding(finding));
  return {
    resourceType: 'MessageHeader',
    id: event.eventId,
    ...(meta === undefined ? {} : { meta }),
    extension,
    eventCoding: { system: V2_TRIGGER.test(event.trigger) ? SYSTEM.trigger : SYSTEM.notice, code: event.trigger },
    sender: reference('Organization', organizationId(event.terms.organisation)),
    source: { endpoint: `urn:bryggan:sender:${event.sender}` },
    focus: [reference('Encounter', event.stayId)],
  };
}

/** The course of an event; undefined in a record of the first version, which said none. */
export function courseOf(header: MessageHeader): Course | undefined {
  const stated = header.extension?.find(({ url }) => url === EXTENSION.eventCourse);
  if (stated === undefined) return undefined;
  const code = stated.valueCoding?.code;
  return isCourse(code) ? code : missing('MessageHeader.event-course');
}

/** The parts of a complex extension; the reader stops at `place` where there are none. */
const partsIn = (header: MessageHeader, url: string, place: string): readonly Extension[] =>
  header.extension?.find((one) => one.url === url)?.extension ?? missing(place);

/** The part of that name; of several the last. */
function partOf(parts: readonly Extension[], name: string): Extension | undefined {
  let found: Extension | undefined;
  for (const part of parts) if (part.url === name) found = part;
  return found;
}

function oneOf<T extends string>(allowed: readonly T[], code: string | undefined, place: string): T {
  for (const known of allowed) if (known === code) return known;
  return missing(place);
}

const TERMS = 'MessageHeader.agreement-terms';

/** What was agreed with the sender, as a record of the first version has it. */
export function readFirstTerms(header: MessageHeader): Omit<Terms, 'connectedFrom'> {
  const parts = partsIn(header, EXTENSION.agreementTerms, TERMS);
  const impliedNeed: NeedScope[] = [];
  for (const { url, valueCode } of parts) {
    if (url === 'impliedNeed') impliedNeed.push(oneOf(NEED_SCOPES, valueCode, TERMS));
  }
  return {
    organisation: required(partOf(parts, 'organisation')?.valueString, TERMS),
    careProvider: required(partOf(parts, 'careProvider')?.valueString, TERMS),
    legalForm: oneOf(LEGAL_FORMS, partOf(parts, 'legalForm')?.valueCode, TERMS),
    ins: oneOf(INS, partOf(parts, 'ins')?.valueCode, TERMS),
    impliedNeed,
    info: oneOf(INFO, partOf(parts, 'info')?.valueCode, TERMS),
    clock: oneOf(CLOCKS, partOf(parts, 'clock')?.valueCode, TERMS),
    ...(partOf(parts, 'patientInformation')?.valueCode === 'here' && { patientInformation: 'here' as const }),
  };
}

const INS = ['auto', 'ordered'] as const;
const INFO = ['here', 'elsewhere'] as const;
const CLOCKS = ['trusted', 'intake'] as const;

/** What was agreed with the sender, as the translator baked it in. */
export function readTerms(header: MessageHeader): Terms {
  const parts = partsIn(header, EXTENSION.agreementTerms, TERMS);
  return { ...readFirstTerms(header), connectedFrom: required(partOf(parts, 'connectedFrom')?.valueDate, TERMS) };
}

const ORIGIN = 'MessageHeader.event-origin';

/** Where an event comes from. */
export type Origin = Pick<StayEvent, 'inboundId' | 'ordinal' | 'revision' | 'intakeAt' | 'sender' | 'register'>;

/** The inverse of what {@link writeEventHeader} says of the origin. */
export function readOrigin(header: MessageHeader): Origin {
  const parts = partsIn(header, EXTENSION.eventOrigin, ORIGIN);
  const register = partOf(parts, 'register')?.valueCode;
  return {
    ...(register !== undefined && { register: oneOf(REGISTER_ANSWERS, register, ORIGIN) }),
    inboundId: required(partOf(parts, 'inbound')?.valueString, ORIGIN),
    ordinal: required(partOf(parts, 'ordinal')?.valueInteger, ORIGIN),
    revision: required(partOf(parts, 'revision')?.valueInteger, ORIGIN),
    intakeAt: readInstant(partOf(parts, 'intake')?.valueInstant, `${ORIGIN}.intake`),
    sender: required(partOf(parts, 'sender')?.valueString, ORIGIN),
  };
}

/** Where an event stands among others: the stamp of its intake, and its time. */
export function readOrder(header: MessageHeader): { readonly intakeStamp: number; readonly at: Instant } {
  const parts = partsIn(header, EXTENSION.eventOrigin, ORIGIN);
  return {
    intakeStamp: required(partOf(parts, 'stamp')?.valueDecimal, ORIGIN),
    at: readInstant(partOf(parts, 'at')?.valueInstant, `${ORIGIN}.at`),
  };
}

/** What was not right in the message (SAL-5), in its order. */
export function readFindings(header: MessageHeader): EventFinding[] {
  const place = 'MessageHeader.event-finding';
  return (header.extension ?? [])
    .filter(({ url }) => url === EXTENSION.eventFinding)
    .map(({ extension: parts = missing(place) }) => ({
      grade: oneOf(FINDING_GRADES, partOf(parts, 'grade')?.valueCode, place),
      code: required(partOf(parts, 'code')?.valueCode, place),
      place: required(partOf(parts, 'place')?.valueString, place),
    }));
}
