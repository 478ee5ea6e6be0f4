import type { Bundle, Encounter, FhirResource, MessageHeader, Observation, Organization, Patient } from 'fhir/r4.js';
import { ofFirstVersion, strictest, type StayEvent } from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, PROFILE } from '../addresses.ts';
import {
  bundleIn,
  entryOf,
  idIn,
  metaOf,
  missing,
  organizationId,
  reading,
  required,
  type Unreadable,
  writeUnit,
} from '../resource.ts';
import { readInstant, readTimeExtension, writeInstant } from '../times-and-texts.ts';
import { readFact, readFirstFact, writeFacts } from './event-facts.ts';
import {
  courseOf,
  readFindings,
  readFirstTerms,
  readOrder,
  readOrigin,
  readTerms,
  writeEventHeader,
} from './event-header.ts';
import {
  readEventEncounter,
  readEventPatient,
  readFirstPatient,
  writeEventEncounter,
  writeEventPatient,
} from './event-statements.ts';

/** What the message carried and no rule needs. */
export interface EventRaw {
  /** MSH-10. */
  readonly controlId: string;
  /** PV1-19 as the sender wrote it. */
  readonly visitId?: string;
}

function organizations(event: StayEvent, meta: ReturnType<typeof metaOf>): Organization[] {
  const { organisation } = event.terms;
  const { ward } = event.encounter;
  const sender = writeUnit(organisation, meta);
  // Two entries of one id would break bdl-7.
  if (ward == null || organizationId(ward) === sender.id) return [sender];
  return [sender, writeUnit(ward, meta, organisation)];
}

/**
 * The record of topic `events` (contract 2): a message Bundle whose focus is the Encounter, one Observation per fact,
 * the label of a protected person or visit on every resource. Nothing is validated here: this is the hot path.
 * @returns a bundle from which {@link readEventBundle} gives the very same event
 */
export function writeEventBundle(event: StayEvent, raw: EventRaw): Bundle {
  const protection = strictest(event.patient.protection, event.encounter.protection);
  const meta = metaOf(protection);
  const { encounter, patient } = writeStatements(event, raw.visitId);
  const said = [writeEventHeader(event, meta), encounter, patient];
  const resources: FhirResource[] = [...said, ...organizations(event, meta), ...writeFacts(event, meta)];
  return {
    resourceType: 'Bundle',
    id: event.eventId,
    meta: metaOf(protection, PROFILE.eventMessage),
    ...(raw.controlId === '' ? {} : { identifier: { system: IDENTIFIER_SYSTEM.controlId, value: raw.controlId } }),
    type: 'message',
    timestamp: writeInstant(event.sentAt),
    entry: resources.map(entryOf),
  };
}

/**
 * What an event states of the stay and of the person, as its bundle has it, without the bundle around it.
 * @param visitId PV1-19, for the sender's own eyes
 */
export function writeStatements(
  event: Pick<StayEvent, 'stayId' | 'patientId' | 'course' | 'patient' | 'encounter'>,
  visitId: string | undefined,
): { readonly encounter: Encounter; readonly patient: Patient } {
  const meta = metaOf(strictest(event.patient.protection, event.encounter.protection));
  return {
    encounter: writeEventEncounter(event, visitId, meta),
    patient: writeEventPatient(event.patient, event.patientId, meta),
  };
}

/** What a bundle of an event holds, by type. */
class Contents {
  header?: MessageHeader;
  encounter?: Encounter;
  patient?: Patient;
  readonly units = new Map<string, string>();
  readonly facts: Observation[] = [];

  /** Sorts one resource of the bundle; a type that no event has is left alone. */
  add(resource: FhirResource | undefined): void {
    if (resource === undefined) missing('Bundle.entry.resource');
    else if (resource.resourceType === 'MessageHeader') this.header = resource;
    else if (resource.resourceType === 'Encounter') this.encounter = resource;
    else if (resource.resourceType === 'Patient') this.patient = resource;
    else if (resource.resourceType === 'Observation') this.facts.push(resource);
    else if (resource.resourceType === 'Organization') {
      this.units.set(resource.id ?? '', required(resource.identifier?.[0]?.value, 'Organization.identifier'));
    }
  }

  /** HSA-id of the ward that the Encounter points at; undefined when the event states none. */
  ward(encounter: Encounter): string | undefined {
    if (encounter.serviceProvider === undefined) return undefined;
    const id = idIn('Organization', encounter.serviceProvider) ?? '';
    return required(this.units.get(id), 'Encounter.serviceProvider');
  }
}

/** The event that a record of `events` states, or where it is unreadable. Never throws, whatever the value is. */
export function readEventBundle(value: unknown): StayEvent | Unreadable {
  return reading('event', () => {
    const bundle = bundleIn(value);
    const contents = new Contents();
    for (const { resource } of bundle.entry ?? []) contents.add(resource);
    return eventOf(bundle, contents);
  });
}

function eventOf(bundle: Bundle, contents: Contents): StayEvent {
  const header = required(contents.header, 'MessageHeader');
  const encounter = required(contents.encounter, 'Encounter');
  const patient = required(contents.patient, 'Patient');
  const occurred = header.extension?.find(({ url }) => url === EXTENSION.eventOccurred);
  const said = {
    eventId: required(bundle.id, 'Bundle.id'),
    ...readOrigin(header),
    stayId: required(encounter.id, 'Encounter.id'),
    patientId: required(patient.id, 'Patient.id'),
    trigger: required(header.eventCoding?.code, 'MessageHeader.event'),
    sentAt: readInstant(bundle.timestamp, 'Bundle.timestamp'),
    ...(occurred === undefined ? {} : { occurredAt: readTimeExtension(occurred, 'MessageHeader.event-occurred') }),
    encounter: readEventEncounter(encounter, contents.ward(encounter)),
  };
  const course = courseOf(header);
  if (course === undefined) {
    // A record of the version before may lie unread when this one starts.
    const facts = contents.facts.map(readFirstFact);
    return ofFirstVersion({ ...said, terms: readFirstTerms(header), patient: readFirstPatient(patient), facts });
  }
  return {
    ...said,
    course,
    ...readOrder(header),
    terms: readTerms(header),
    patient: readEventPatient(patient),
    facts: contents.facts.map(readFact),
    findings: readFindings(header),
  };
}

/** PV1-19 of the message that an event came from, as its sender wrote it; undefined when it had none. No rule needs it. */
export function visitIdOf(bundle: Bundle<FhirResource>): string | undefined {
  const encounter = bundle.entry?.map(({ resource }) => resource).find((one) => one?.resourceType === 'Encounter');
  return encounter?.identifier?.find(({ system }) => system === IDENTIFIER_SYSTEM.visit)?.value;
}

/** MSH-10 of the message that an event came from; undefined when it had none. */
export function controlIdOf(bundle: Bundle): string | undefined {
  return bundle.identifier?.value;
}
