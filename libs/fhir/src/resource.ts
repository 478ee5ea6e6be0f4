import { createHash } from 'node:crypto';
import type {
  Bundle,
  BundleEntry,
  Coding,
  Communication,
  FhirResource,
  Meta,
  Organization,
  Reference,
} from 'fhir/r4.js';
import type { Protection } from '#libs/domain';
import { FHIR_BASE, IDENTIFIER_SYSTEM, SYSTEM } from './addresses.ts';

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

const DEMOGRAPHIC: Coding = { system: SYSTEM.actCode, code: 'DEMO' };

const LABELS: Readonly<Record<Protection, readonly Coding[]>> = {
  sekretessmarkering: [DEMOGRAPHIC, { system: SYSTEM.securityLabel, code: 'sekretessmarkering' }],
  skyddadFolkbokforing: [DEMOGRAPHIC, { system: SYSTEM.securityLabel, code: 'skyddadFolkbokforing' }],
  // HL7 Sweden has no code for these two; its binding is extensible.
  fingeradePersonuppgifter: [DEMOGRAPHIC, { system: SYSTEM.protection, code: 'fingeradePersonuppgifter' }],
  unknown: [DEMOGRAPHIC, { system: SYSTEM.protection, code: 'unknown' }],
};

/** The labels of a protected identity (SE-24), or undefined for a person without protection. */
export function securityLabels(protection: Protection | undefined): Coding[] | undefined {
  return protection === undefined ? undefined : [...LABELS[protection]];
}

/**
 * The meta of a resource. Every resource made from a protected person's must carry the label (architecture 5): take all
 * metas from here, so that none forgets it.
 */
export function metaOf(protection: Protection | undefined, profile?: string, version?: number): Meta | undefined {
  if (protection === undefined && profile === undefined && version === undefined) return undefined;
  const meta: Meta = {};
  if (version !== undefined) meta.versionId = String(version);
  if (profile !== undefined) meta.profile = [profile];
  if (protection !== undefined) meta.security = [...LABELS[protection]];
  return meta;
}

/** True when the text is a kind of protection. */
export const isProtection = (code: string | undefined): code is Protection =>
  code !== undefined && Object.hasOwn(LABELS, code);

/** The protection that a resource's labels state; undefined when there is none. */
export function protectionOf(meta: Meta | undefined): Protection | undefined {
  const code = meta?.security?.find(
    ({ system }) => system === SYSTEM.securityLabel || system === SYSTEM.protection,
  )?.code;
  return isProtection(code) ? code : undefined;
}

/** What a reader answers when a record is not what its topic promises. It names the place, never what stood there. */
export interface Unreadable {
  readonly unreadable: string;
}

/** True when a reader could not read. */
export function isUnreadable(value: object): value is Unreadable {
  return 'unreadable' in value;
}

/** Thrown inside a reader only; {@link reading} turns it into a value. */
class Missing extends Error {}

/** Stops a reader at a place that has to be there. */
export function missing(place: string): never {
  throw new Missing(place);
}

/** The value, or the reader stops at the named place. */
export function required<T>(value: T | undefined, place: string): T {
  return value === undefined ? missing(place) : value;
}

/**
 * Makes a reader total. Anything may lie on a topic: a shape that nobody foresaw must become a value too, since a throw
 * would stop the partition for everyone behind it (architecture 2.9).
 */
export function reading<T extends object>(what: string, read: () => T): T | Unreadable {
  try {
    return read();
  } catch (error) {
    return { unreadable: error instanceof Missing ? `${what}: ${error.message}` : `${what}: shape` };
  }
}
