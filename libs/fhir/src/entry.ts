import { createHash } from 'node:crypto';
import type { Bundle, BundleEntry, Communication, FhirResource, Meta, Organization, Reference } from 'fhir/r4.js';
import { FHIR_BASE, IDENTIFIER_SYSTEM } from './addresses.ts';
import { missing } from './unreadable.ts';

/** An entry whose relative references resolve inside the bundle: fullUrl and reference share the base. */
export function entryOf(resource: FhirResource): BundleEntry {
  return { fullUrl: `${FHIR_BASE}/${resource.resourceType}/${resource.id ?? ''}`, resource };
}

/** `Encounter/<id>`. */
export function reference(type: FhirResource['resourceType'], id: string): Reference {
  return { reference: `${type}/${id}` };
}

/** The id behind `<type>/<id>`; undefined when the reference is to something else. */
export function idIn(type: FhirResource['resourceType'], ref: Reference | undefined): string | undefined {
  const text = ref?.reference;
  return text?.startsWith(`${type}/`) === true ? text.slice(type.length + 1) : undefined;
}

const VALID_ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** A sender may write anything where an HSA-id belongs. What is no FHIR id becomes one; the identifier keeps the text. */
export function organizationId(hsaId: string): string {
  return VALID_ID.test(hsaId) ? hsaId : `x-${createHash('sha256').update(hsaId).digest('hex').slice(0, 40)}`;
}

/** An organisation known by its HSA-id, as a part of another where that is given. */
export function writeUnit(hsaId: string, meta: Meta | undefined, partOf?: string): Organization {
  return {
    resourceType: 'Organization',
    id: organizationId(hsaId),
    ...(meta === undefined ? {} : { meta }),
    identifier: [{ system: IDENTIFIER_SYSTEM.hsa, value: hsaId }],
    ...(partOf === undefined ? {} : { partOf: reference('Organization', organizationId(partOf)) }),
  };
}

/** Id of the party that a Communication is to. */
export function recipientOf(communication: Communication): string | undefined {
  return idIn('Organization', communication.recipient?.[0]);
}

const isBundle = (value: unknown): value is Bundle<FhirResource> =>
  typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'Bundle';

/** What a Bundle holds; the reader stops when the value is no message Bundle. */
export function bundleIn(value: unknown): Bundle<FhirResource> {
  return isBundle(value) && value.type === 'message' && Array.isArray(value.entry) ? value : missing('Bundle');
}
