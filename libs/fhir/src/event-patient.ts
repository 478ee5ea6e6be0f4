import type { Address, Extension, HumanName, Meta, Patient } from 'fhir/r4.js';
import type { PatientStatement, PersonName, RegisteredAddress } from '#libs/domain';
import { EXTENSION } from './addresses.ts';
import { SYSTEM } from './codes.ts';
import { IDENTIFIER_SYSTEM, readIdentity, writeIdentity } from './identifiers.ts';
import { protectionOf } from './security-label.ts';
import { missing, required } from './unreadable.ts';

/** A name; `use` keeps a name of no parts from being an empty object, which FHIR forbids. */
export function writeName(name: PersonName): HumanName {
  return {
    use: 'official',
    ...(name.family === undefined ? {} : { family: name.family }),
    ...(name.given.length === 0 ? {} : { given: [...name.given] }),
  };
}

const ADDRESS_TYPE: Extension = {
  url: EXTENSION.seAddressType,
  valueCodeableConcept: { coding: [{ system: SYSTEM.snomed, code: '63381000052101' }] },
};

/** Folkbokföringsadress (SE-25), with the municipality as SE-26 and the district board where it is known. */
export function writeAddress(address: RegisteredAddress): Address {
  const { lines, postalCode, city, municipality, district } = address;
  const extension = [ADDRESS_TYPE];
  if (municipality !== undefined) {
    extension.push({
      url: EXTENSION.seMunicipality,
      valueCoding: { system: SYSTEM.municipality, code: municipality },
    });
  }
  if (district !== undefined) extension.push({ url: EXTENSION.seDistrictBoard, valueString: district });
  return {
    extension,
    ...(lines.length === 0 ? {} : { line: [...lines] }),
    ...(city === undefined ? {} : { city }),
    ...(postalCode === undefined ? {} : { postalCode }),
  };
}

/** The inverse of {@link writeAddress}. */
export function readAddress(address: Address): RegisteredAddress {
  let municipality: string | undefined;
  let district: string | undefined;
  for (const part of address.extension ?? []) {
    if (part.url === EXTENSION.seMunicipality) municipality = part.valueCoding?.code;
    else if (part.url === EXTENSION.seDistrictBoard) district = part.valueString;
  }
  return {
    lines: address.line ?? [],
    ...(address.postalCode === undefined ? {} : { postalCode: address.postalCode }),
    ...(address.city === undefined ? {} : { city: address.city }),
    ...(municipality === undefined ? {} : { municipality }),
    ...(district === undefined ? {} : { district }),
  };
}

const CLEARABLE = ['name', 'birthDate', 'address', 'listedClinic'] as const;

/** The fields that the sender deleted (HL7 `""`): FHIR has no element for "known to be no more". */
export function writeDeleted<K extends string>(
  fields: readonly K[],
  statement: Partial<Record<K, unknown>>,
): Extension[] {
  const deleted: Extension[] = [];
  for (const field of fields) {
    if (statement[field] === null) deleted.push({ url: EXTENSION.deleted, valueCode: field });
  }
  return deleted;
}

/** The fields that {@link writeDeleted} named, each as null. */
export function readDeleted<K extends string>(
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

/**
 * What an event states about the person.
 * @param patientId the hub's own id of the person: events are not for parties
 */
export function writeEventPatient(patient: PatientStatement, patientId: string, meta: Meta | undefined): Patient {
  const { name, birthDate, deceased, address, listedClinic } = patient;
  const extension = writeDeleted(CLEARABLE, patient);
  return {
    resourceType: 'Patient',
    id: patientId,
    ...(meta === undefined ? {} : { meta }),
    ...(extension.length === 0 ? {} : { extension }),
    identifier: patient.identities.map(writeIdentity),
    ...(name == null ? {} : { name: [writeName(name)] }),
    ...(birthDate == null ? {} : { birthDate }),
    ...(deceased === undefined ? {} : { deceasedBoolean: deceased }),
    ...(address == null ? {} : { address: [writeAddress(address)] }),
    ...(listedClinic == null
      ? {}
      : {
          generalPractitioner: [
            { type: 'Organization', identifier: { system: IDENTIFIER_SYSTEM.hsa, value: listedClinic } },
          ],
        }),
  };
}

/** The inverse of {@link writeEventPatient}. */
export function readEventPatient(patient: Patient): PatientStatement {
  const identifiers = patient.identifier ?? [];
  if (identifiers.length === 0) missing('Patient.identifier');
  const protection = protectionOf(patient.meta);
  const name = patient.name?.[0];
  const address = patient.address?.[0];
  const clinic = patient.generalPractitioner?.[0]?.identifier?.value;
  return {
    identities: identifiers.map((identifier) => required(readIdentity(identifier), 'Patient.identifier.value')),
    ...(name === undefined
      ? {}
      : { name: { ...(name.family === undefined ? {} : { family: name.family }), given: name.given ?? [] } }),
    ...(patient.birthDate === undefined ? {} : { birthDate: patient.birthDate }),
    ...(patient.deceasedBoolean === undefined ? {} : { deceased: patient.deceasedBoolean }),
    ...(address === undefined ? {} : { address: readAddress(address) }),
    ...(clinic === undefined ? {} : { listedClinic: clinic }),
    ...(protection === undefined ? {} : { protection }),
    ...readDeleted(CLEARABLE, patient.extension),
  };
}
