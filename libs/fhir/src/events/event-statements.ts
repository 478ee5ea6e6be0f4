import type { Encounter, Extension, Meta, Patient } from 'fhir/r4.js';
import type {
  EncounterClass,
  EncounterStatement,
  Leaving,
  PatientStatement,
  Protection,
  StatedTime,
  StayEvent,
} from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from '../addresses.ts';
import { DISPOSITION, ENCOUNTER_CLASS, ENCOUNTER_STATUS } from '../codes.ts';
import { isProtection, missing, organizationId, protectionOf, reference, required } from '../resource.ts';
import {
  readAddress,
  readIdentity,
  readListing,
  readName,
  readStayingIn,
  writeAddress,
  writeIdentity,
  writeListing,
  writeName,
  writeStayingIn,
} from '../person.ts';
import {
  fhirDateTime,
  readStatedTime,
  readTimeExtension,
  statedTimeElement,
  timeExtension,
} from '../times-and-texts.ts';

/**
 * What an event states of the stay (Encounter) and of the person (Patient). Unstated, deleted and stated are three things
 * (standards 8.6): what is unstated has no element, and what the sender deleted (HL7 `""`) is named by the
 * extension `deleted`, since FHIR has no element for "known to be no more".
 */
const CLEARABLE = {
  encounter: ['ward', 'start', 'end', 'expectedDischarge', 'receivingUnit'],
  patient: ['name', 'birthDate', 'address', 'stayingIn', 'listedClinic', 'deceasedAt'],
} as const;

/** The sender's wish that a protection be deleted: only a person may do that (DEC-23), so that it deletes nothing here. */
const PROTECTION = 'protection';

function writeDeleted<K extends string>(fields: readonly K[], statement: Partial<Record<K, unknown>>): Extension[] {
  const deleted: Extension[] = [];
  for (const field of fields) {
    if (statement[field] === null) deleted.push({ url: EXTENSION.deleted, valueCode: field });
  }
  return deleted;
}

function readDeleted<K extends string>(
  fields: readonly K[],
  extensions: readonly Extension[] | undefined,
): Partial<Record<K, null>> {
  const deleted: Partial<Record<K, null>> = {};
  for (const part of extensions ?? []) {
    if (part.url !== EXTENSION.deleted) continue;
    const field = fields.find((name) => name === part.valueCode);
    if (field !== undefined) deleted[field] = null;
  }
  return deleted;
}

/** Who said it, visit or person, stands here; the label of either is on every resource and does not tell (DEC-23). */
const writeProtection = (protection: Protection | undefined): Extension[] =>
  protection === undefined ? [] : [{ url: EXTENSION.protection, valueCode: protection }];

function readProtection(extensions: readonly Extension[] | undefined, place: string): Protection | undefined {
  const code = extensions?.find(({ url }) => url === EXTENSION.protection)?.valueCode;
  return code === undefined || isProtection(code) ? code : missing(place);
}

const timeIn = (extensions: readonly Extension[] | undefined, url: string, place: string) => {
  const found = extensions?.find((one) => one.url === url);
  return found === undefined ? undefined : readTimeExtension(found, place);
};

function writePeriod(start: StatedTime | null | undefined, end: StatedTime | null | undefined) {
  if (start == null && end == null) return undefined;
  const [_start, _end] = [start && statedTimeElement(start), end && statedTimeElement(end)];
  return {
    ...(start == null ? {} : { start: fhirDateTime(start), ...(_start && { _start }) }),
    ...(end == null ? {} : { end: fhirDateTime(end), ...(_end && { _end }) }),
  };
}

function writeHospitalization({ leaving, receivingUnit }: EncounterStatement): Encounter['hospitalization'] {
  if (leaving === undefined && receivingUnit == null) return undefined;
  return {
    ...(receivingUnit == null ? {} : { destination: { display: receivingUnit } }),
    ...(leaving === undefined
      ? {}
      : { dischargeDisposition: { coding: [{ system: SYSTEM.discharge, code: DISPOSITION[leaving] }] } }),
  };
}

/**
 * What an event states about the stay: its state as far as this one message tells.
 * @param visitId PV1-19, for the sender's own eyes
 */
export function writeEventEncounter(
  event: Pick<StayEvent, 'encounter' | 'stayId' | 'patientId' | 'course'>,
  visitId: string | undefined,
  meta: Meta | undefined,
): Encounter {
  const { class: stated, ward, start, end, expectedDischarge, admissionType, protection } = event.encounter;
  const extension = [...writeDeleted(CLEARABLE.encounter, event.encounter), ...writeProtection(protection)];
  if (expectedDischarge != null) extension.push(timeExtension(EXTENSION.plannedEndDate, expectedDischarge));
  const period = writePeriod(start, end);
  const hospitalization = writeHospitalization(event.encounter);
  return {
    resourceType: 'Encounter',
    id: event.stayId,
    ...(meta === undefined ? {} : { meta }),
    ...(extension.length === 0 ? {} : { extension }),
    ...(visitId === undefined ? {} : { identifier: [{ system: IDENTIFIER_SYSTEM.visit, value: visitId }] }),
    status: ENCOUNTER_STATUS[event.course],
    class: ENCOUNTER_CLASS[stated ?? 'unstated'],
    // As written: senders have codes of their own in table 0007.
    ...(admissionType === undefined ? {} : { type: [{ text: admissionType }] }),
    subject: reference('Patient', event.patientId),
    ...(period === undefined ? {} : { period }),
    ...(hospitalization === undefined ? {} : { hospitalization }),
    ...(ward == null ? {} : { serviceProvider: reference('Organization', organizationId(ward)) }),
  };
}

const CLASSES: ReadonlyMap<string | undefined, EncounterClass | undefined> = new Map<
  string | undefined,
  EncounterClass | undefined
>([
  ['IMP', 'IMP'],
  ['EMER', 'EMER'],
  ['AMB', 'AMB'],
  ['PRENC', 'PRENC'],
  ['OTH', 'OTHER'],
  ['UNK', undefined],
]);

const LEAVING: ReadonlyMap<string | undefined, Leaving> = new Map<string | undefined, Leaving>([
  [DISPOSITION.home, 'home'],
  [DISPOSITION.transfer, 'transfer'],
  [DISPOSITION['against-advice'], 'against-advice'],
  [DISPOSITION.dead, 'dead'],
]);

function readLeaving(encounter: Encounter): Leaving | undefined {
  const disposition = encounter.hospitalization?.dischargeDisposition;
  if (disposition === undefined) return undefined;
  return LEAVING.get(disposition.coding?.[0]?.code) ?? missing('Encounter.hospitalization');
}

/**
 * The inverse of {@link writeEventEncounter}.
 * @param ward HSA-id behind `serviceProvider`, which the bundle's Organization holds
 */
export function readEventEncounter(encounter: Encounter, ward: string | undefined): EncounterStatement {
  const code = encounter.class.code;
  const stated = CLASSES.has(code) ? CLASSES.get(code) : missing('Encounter.class');
  const { extension, hospitalization, period, type } = encounter;
  const planned = timeIn(extension, EXTENSION.plannedEndDate, 'Encounter.plannedEndDate');
  const leaving = readLeaving(encounter);
  const receivingUnit = hospitalization?.destination?.display;
  const admissionType = type?.[0]?.text;
  const protection = readProtection(extension, 'Encounter.protection');
  return {
    ...(stated === undefined ? {} : { class: stated }),
    ...(ward === undefined ? {} : { ward }),
    ...(period?.start === undefined
      ? {}
      : { start: readStatedTime(period.start, period._start, 'Encounter.period.start') }),
    ...(period?.end === undefined ? {} : { end: readStatedTime(period.end, period._end, 'Encounter.period.end') }),
    ...(planned === undefined ? {} : { expectedDischarge: planned }),
    ...(leaving === undefined ? {} : { leaving }),
    ...(receivingUnit === undefined ? {} : { receivingUnit }),
    ...(admissionType === undefined ? {} : { admissionType }),
    ...(protection === undefined ? {} : { protection }),
    ...readDeleted(CLEARABLE.encounter, extension),
  };
}

/**
 * What an event states about the person.
 * @param patientId the hub's own id of the person: events are not for parties
 */
export function writeEventPatient(patient: PatientStatement, patientId: string, meta: Meta | undefined): Patient {
  const { name, birthDate, deceased, deceasedAt, address, stayingIn, listedClinic } = patient;
  const { protection, protectionDeleted } = patient;
  const addresses = [...(address ? [writeAddress(address)] : []), ...(stayingIn ? [writeStayingIn(stayingIn)] : [])];
  const extension = [...writeDeleted(CLEARABLE.patient, patient), ...writeProtection(protection)];
  if (protectionDeleted) extension.push({ url: EXTENSION.deleted, valueCode: PROTECTION });
  // Not deceasedDateTime: R4 allows one of the two, and a sender may state the time and deny the death.
  if (deceasedAt != null) extension.push(timeExtension(EXTENSION.diedAt, deceasedAt));
  return {
    resourceType: 'Patient',
    id: patientId,
    ...(meta === undefined ? {} : { meta }),
    ...(extension.length === 0 ? {} : { extension }),
    ...(patient.identities.length === 0 ? {} : { identifier: patient.identities.map(writeIdentity) }),
    ...(name == null ? {} : { name: [writeName(name)] }),
    ...(birthDate == null ? {} : { birthDate }),
    ...(deceased === undefined ? {} : { deceasedBoolean: deceased }),
    ...(addresses.length === 0 ? {} : { address: addresses }),
    ...(listedClinic == null ? {} : { generalPractitioner: [writeListing(listedClinic)] }),
  };
}

/** The inverse of {@link writeEventPatient}. */
export function readEventPatient(patient: Patient): PatientStatement {
  const { identifier: identifiers = [], extension } = patient;
  if (identifiers.length === 0) missing('Patient.identifier');
  const name = patient.name?.[0];
  const address = patient.address?.find(({ use }) => use !== 'temp');
  const stayingIn = readStayingIn(patient.address ?? []);
  const clinic = readListing(patient.generalPractitioner?.[0]);
  const deceasedAt = timeIn(extension, EXTENSION.diedAt, 'Patient.died-at');
  const protection = readProtection(extension, 'Patient.protection');
  const protectionDeleted = extension?.some(
    ({ url, valueCode }) => url === EXTENSION.deleted && valueCode === PROTECTION,
  );
  return {
    identities: identifiers.map((identifier) => required(readIdentity(identifier), 'Patient.identifier.value')),
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(patient.birthDate === undefined ? {} : { birthDate: patient.birthDate }),
    ...(patient.deceasedBoolean === undefined ? {} : { deceased: patient.deceasedBoolean }),
    ...(deceasedAt === undefined ? {} : { deceasedAt }),
    ...(address === undefined ? {} : { address: readAddress(address) }),
    ...(stayingIn === undefined ? {} : { stayingIn }),
    ...(clinic === undefined ? {} : { listedClinic: clinic }),
    ...(protection === undefined ? {} : { protection }),
    ...(protectionDeleted === true && { protectionDeleted }),
    ...readDeleted(CLEARABLE.patient, extension),
  };
}

/** What the first version stated of the person: its one protection, the person's, stood in the label alone. */
export function readFirstPatient(patient: Patient): PatientStatement {
  const protection = protectionOf(patient.meta);
  return { ...readEventPatient(patient), ...(protection === undefined ? {} : { protection }) };
}
