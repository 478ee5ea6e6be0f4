import type { Identifier } from 'fhir/r4.js';
import type { Identity, IdentityType } from '#libs/domain';

/** Identifier systems that the hub emits (standards 2, SE-1 to SE-6). */
export const IDENTIFIER_SYSTEM = {
  personnummer: 'http://electronichealth.se/identifier/personnummer',
  samordningsnummer: 'http://electronichealth.se/identifier/samordningsnummer',
  nationelltReservnummer: 'http://electronichealth.se/identifier/nationelltReservnummer',
  'LMA-nummer': 'http://electronichealth.se/identifier/LMA-nummer',
  'reservnummer-stockholm': 'urn:oid:1.2.752.97.3.1.3',
  hsa: 'urn:oid:1.2.752.29.4.19',
  /** RIV-TA's name of the same value space (SE-6): taken in, never emitted. */
  hsaInera: 'urn:oid:1.2.752.129.2.1.4.1',
  /** MSH-10: unique to its sender only. */
  controlId: 'https://bryggan.example/fhir/identifier/message-control-id',
  /** PV1-19: unique to its sender only. */
  visit: 'https://bryggan.example/fhir/identifier/visit',
  /** The act of a ward towards one recipient, the same however often it is worked out anew. */
  act: 'urn:ietf:rfc:3986',
  /** What sets apart Tasks of one code in a stay. */
  occasion: 'https://bryggan.example/fhir/identifier/occasion',
} as const;

const TYPE_OF: ReadonlyMap<string, IdentityType> = new Map([
  [IDENTIFIER_SYSTEM.personnummer, 'personnummer'],
  [IDENTIFIER_SYSTEM.samordningsnummer, 'samordningsnummer'],
  [IDENTIFIER_SYSTEM.nationelltReservnummer, 'nationelltReservnummer'],
  [IDENTIFIER_SYSTEM['LMA-nummer'], 'LMA-nummer'],
  [IDENTIFIER_SYSTEM['reservnummer-stockholm'], 'reservnummer-stockholm'],
  // SE-5: the other URI of the same number.
  ['https://uid.regionstockholm.se/reservnummer', 'reservnummer-stockholm'],
]);

/** The type of a personal identity by its system; `other` for a system that the hub does not know. */
export function identityTypeOf(system: string): IdentityType {
  return TYPE_OF.get(system) ?? 'other';
}

/** An identity as FHIR has it. The type is written only where the system does not tell it. */
export function writeIdentity(identity: Identity): Identifier {
  const { type, system, value } = identity;
  if (identityTypeOf(system) === type) return { system, value };
  return { type: { text: type }, ...(system === '' ? {} : { system }), value };
}

const TYPES: readonly string[] = [...TYPE_OF.values(), 'other'];
const isType = (text: string): text is IdentityType => TYPES.includes(text);

/** The inverse of {@link writeIdentity}; undefined when there is no value. */
export function readIdentity(identifier: Identifier): Identity | undefined {
  const { system = '', value } = identifier;
  if (typeof value !== 'string') return undefined;
  const text = identifier.type?.text;
  return { type: text !== undefined && isType(text) ? text : identityTypeOf(system), system, value };
}
