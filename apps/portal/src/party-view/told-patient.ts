import type { Patient } from 'fhir/r4.js';
import { EXTENSION, protectionOf } from '#libs/fhir';

const MASKED = { extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'masked' }] };

/**
 * A person as one party was told of them. A notice that leaves an item out leaves what an earlier one told; once a notice
 * says that the identity is protected, the address that was told before is shown no more (SE-24, RTE-42).
 * @param before the person in this party's view, undefined at the first notice
 * @param told the Patient of the notice
 */
export function toldPatient(before: Patient | undefined, told: Patient, wasProtected: boolean): Patient {
  const hidden = wasProtected || protectionOf(told.meta) !== undefined;
  const name = told.name ?? before?.name;
  const known = told.address ?? before?.address;
  const address = hidden && known !== undefined ? [MASKED] : known;
  const security = told.meta?.security;
  return {
    resourceType: 'Patient',
    ...(told.id === undefined ? {} : { id: told.id }),
    // The profile of a notice speaks of that notice's Patient, not of what several of them have told.
    ...(security === undefined ? {} : { meta: { security } }),
    ...(told.identifier === undefined ? {} : { identifier: told.identifier }),
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  };
}
