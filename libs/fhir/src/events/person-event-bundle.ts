import type { Bundle, Extension, MessageHeader, Patient, Reference } from 'fhir/r4.js';
import {
  OPERATOR_COURSES,
  PERSON_COURSES,
  type OperatorCourse,
  type PersonCourse,
  type PersonEvent,
  type StayEvent,
} from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, PROFILE, SYSTEM } from '../addresses.ts';
import {
  bundleIn,
  entryOf,
  idIn,
  metaOf,
  missing,
  reading,
  reference,
  required,
  type Unreadable,
} from '../resource.ts';
import { readIdentity, writeIdentity } from '../person.ts';
import { readInstant, writeInstant } from '../times-and-texts.ts';
import { readEventBundle, writeEventBundle, type EventRaw } from './event-bundle.ts';
import { readFindings, readOrder, readOrigin, registerPart, writeFinding } from './event-header.ts';
import { readEventPatient, writeEventPatient } from './event-statements.ts';

/*
 * What is said of a person beside any stay, on topic `events`: a message Bundle whose focus is the Patient. A merger is the
 * survivor's Patient, with a link `replaces` for every identity that is given up. The extension `event-person` names every id
 * that the person may be known by: Patient.id is the first. What the operator says of a person has its reason in the header, and
 * beside the Patient in the focus the visit whose own protection is lifted too, the stay that goes on and the one that is joined
 * to it, or the message that is undone.
 */

/** What a reader of `events` may find that a sender said: of a stay, or of a person. */
export type SenderEvent = StayEvent | PersonEvent;

/** The statements that come as records of their own: those of a sender, and of the operator. */
type Said = Extract<PersonEvent['says'], { readonly kind: keyof typeof COURSE_OF }>;

const COURSE_OF = {
  described: 'describe-person',
  merged: 'merge-persons',
  'protection-lifted': 'lift-protection',
  'stays-joined': 'join-stays',
  undone: 'undo-decision',
} as const satisfies Partial<Record<PersonEvent['says']['kind'], PersonCourse | OperatorCourse>>;
const SAID: ReadonlySet<PersonEvent['says']['kind']> = new Set(Object.keys(COURSE_OF) as Said['kind'][]);

function isSaid(says: PersonEvent['says']): says is Said {
  return SAID.has(says.kind);
}

/** The record of topic `events` for what a sender says, of a stay or of a person. */
export function writeSenderEvent(event: SenderEvent, raw: EventRaw): Bundle {
  return 'stayId' in event ? writeEventBundle(event, raw) : writePersonEventBundle(event, raw);
}

/** @throws when it is a statement that nobody makes: a bug */
function writePersonEventBundle({ says, ...rest }: PersonEvent, raw: EventRaw): Bundle {
  if (!isSaid(says)) throw new Error(`nobody says: ${says.kind}`);
  const event = { ...rest, says };
  const patient = 'patient' in says ? says.patient : { identities: [] };
  const meta = metaOf(patient.protection);
  const [patientId] = event.patientIds;
  const links = says.kind === 'merged' ? says.from.map(writeIdentity) : [];
  const resource: Patient = {
    ...writeEventPatient(patient, patientId, meta),
    ...(links.length > 0 && { link: links.map((identifier) => ({ type: 'replaces', other: { identifier } })) }),
  };
  return {
    resourceType: 'Bundle',
    id: event.eventId,
    meta: metaOf(patient.protection, PROFILE.personEventMessage),
    ...(raw.controlId === '' ? {} : { identifier: { system: IDENTIFIER_SYSTEM.controlId, value: raw.controlId } }),
    type: 'message',
    timestamp: writeInstant(event.sentAt),
    entry: [entryOf(writeHeader(event, meta)), entryOf(resource)],
  };
}

function writeHeader(event: PersonEvent & { readonly says: Said }, meta: Patient['meta']): MessageHeader {
  const origin: Extension = {
    url: EXTENSION.eventOrigin,
    extension: [
      { url: 'inbound', valueString: event.inboundId },
      { url: 'ordinal', valueInteger: event.ordinal },
      { url: 'revision', valueInteger: event.revision },
      { url: 'intake', valueInstant: writeInstant(event.intakeAt) },
      // Too long for FHIR's integer.
      { url: 'stamp', valueDecimal: event.intakeStamp },
      { url: 'at', valueInstant: writeInstant(event.at) },
      { url: 'sender', valueString: event.saidBy },
      ...registerPart(event),
    ],
  };
  const course = { system: SYSTEM.course, code: COURSE_OF[event.says.kind] };
  return {
    resourceType: 'MessageHeader',
    id: event.eventId,
    ...(meta === undefined ? {} : { meta }),
    extension: [
      { url: EXTENSION.eventCourse, valueCoding: course },
      origin,
      ...event.patientIds.map((id) => ({ url: EXTENSION.eventPerson, valueString: id })),
      ...event.findings.map(writeFinding),
    ],
    eventCoding: { system: SYSTEM.trigger, code: event.trigger },
    source: { endpoint: `urn:bryggan:sender:${event.saidBy}` },
    ...('reason' in event.says && { reason: { text: event.says.reason } }),
    focus: [reference('Patient', event.patientIds[0]), ...besideThePatient(event.says)],
  };
}

function besideThePatient(says: Said): Reference[] {
  if (says.kind === 'undone') return [reference('Bundle', says.eventId)];
  if (says.kind === 'stays-joined') return [reference('Encounter', says.into), reference('Encounter', says.from)];
  return says.kind === 'protection-lifted' && says.visit !== undefined ? [reference('Encounter', says.visit)] : [];
}

/** What a sender says in a record of `events`, of a stay or of a person, or where it is unreadable. Never throws. */
export function readSenderEvent(value: unknown): SenderEvent | Unreadable {
  return profileOf(value) === PROFILE.personEventMessage ? readPersonEventBundle(value) : readEventBundle(value);
}

/** The first profile that a record claims; undefined when it claims none. */
function profileOf(value: unknown): string | undefined {
  const bundle = typeof value === 'object' && value !== null ? (value as Partial<Bundle>) : {};
  const profile: unknown = bundle.meta?.profile;
  return Array.isArray(profile) && typeof profile[0] === 'string' ? profile[0] : undefined;
}

function readPersonEventBundle(value: unknown): PersonEvent | Unreadable {
  return reading('person event', () => {
    const bundle = bundleIn(value);
    const resources = (bundle.entry ?? []).map(({ resource }) => resource);
    const header = required(
      resources.find((one): one is MessageHeader => one?.resourceType === 'MessageHeader'),
      'MessageHeader',
    );
    const resource = required(
      resources.find((one): one is Patient => one?.resourceType === 'Patient'),
      'Patient',
    );
    const { sender: saidBy, ...origin } = readOrigin(header);
    const ids = (header.extension ?? []).flatMap(({ url, valueString }) =>
      url === EXTENSION.eventPerson && valueString !== undefined ? [valueString] : [],
    );
    const [first = missing('MessageHeader.event-person'), ...others] = ids;
    return {
      eventId: required(bundle.id, 'Bundle.id'),
      ...origin,
      ...readOrder(header),
      patientIds: [first, ...others],
      saidBy,
      trigger: required(header.eventCoding?.code, 'MessageHeader.eventCoding'),
      sentAt: readInstant(bundle.timestamp, 'Bundle.timestamp'),
      says: readSaid(header, resource),
      findings: readFindings(header),
    };
  });
}

function readSaid(header: MessageHeader, resource: Patient): Said {
  const code = header.extension?.find(({ url }) => url === EXTENSION.eventCourse)?.valueCoding?.code;
  const courses = [...PERSON_COURSES, ...OPERATOR_COURSES];
  const course = courses.find((known) => known === code) ?? missing('MessageHeader.event-course');
  const beside = header.focus?.[1];
  if (course === 'undo-decision')
    return { kind: 'undone', eventId: required(idIn('Bundle', beside), 'MessageHeader.focus') };
  if (course === 'lift-protection' || course === 'join-stays') {
    const visit = idIn('Encounter', beside);
    const reason = required(header.reason?.text, 'MessageHeader.reason');
    if (course === 'join-stays') {
      const from = required(idIn('Encounter', header.focus?.[2]), 'MessageHeader.focus');
      return { kind: 'stays-joined', from, into: required(visit, 'MessageHeader.focus'), reason };
    }
    return { kind: 'protection-lifted', reason, ...(visit !== undefined && { visit }) };
  }
  const patient = readEventPatient(resource);
  if (course === 'describe-person') return { kind: 'described', patient };
  const from = (resource.link ?? []).map(({ other }) =>
    required(other.identifier && readIdentity(other.identifier), 'Patient.link.other.identifier'),
  );
  return { kind: 'merged', from, patient };
}
