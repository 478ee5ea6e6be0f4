import type { Address, Extension, HumanName, Identifier, Reference } from 'fhir/r4.js';
import {
  IDENTITY_CERTAINTIES,
  UNLISTED,
  type Identity,
  type IdentityCertainty,
  type IdentityType,
  type PersonName,
  type RegisteredAddress,
} from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from './addresses.ts';

/** What FHIR has for a person's identities, name and registered address; events and notices write them alike. */

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

/**
 * An identity as the hub keeps it on an event, with its validity. The type is written only where the system does not tell
 * it.
 */
export function writeIdentity(identity: Identity): Identifier {
  const { type, system, value, from, to } = identity;
  const isTold = identityTypeOf(system) === type;
  const isDated = from !== undefined || to !== undefined;
  return {
    ...certaintyExtension(identity),
    ...(isTold ? {} : { type: { text: type } }),
    ...(system === '' ? {} : { system }),
    value,
    ...(isDated && {
      period: { ...(from === undefined ? {} : { start: from }), ...(to === undefined ? {} : { end: to }) },
    }),
  };
}

/**
 * An identity as a notice may show it: neither how long it is valid, nor who issued a number that only its issuer knows,
 * which would name the ward or clinic (DEC-35). How certain a co-ordination number is goes with it: nobody may take an
 * uncertain identity for a proven one (rules 4.5).
 */
export function writeToldIdentity(identity: Identity): Identifier {
  const { type, system, value } = identity;
  return { ...certaintyExtension(identity), ...(type === 'other' || system === '' ? {} : { system }), value };
}

function certaintyExtension({ certainty }: Identity): Pick<Identifier, 'extension'> {
  return certainty ? { extension: [{ url: EXTENSION.identityCertainty, valueCode: certainty }] } : {};
}

/** True for a code of how certain an identity is. */
export function isCertainty(code: string | undefined): code is IdentityCertainty {
  return IDENTITY_CERTAINTIES.some((one) => one === code);
}

const TYPES: readonly string[] = [...TYPE_OF.values(), 'reservnummer-region', 'other'];
const isType = (text: string): text is IdentityType => TYPES.includes(text);

/** The inverse of {@link writeIdentity}; undefined when there is no value. */
export function readIdentity(identifier: Identifier): Identity | undefined {
  const { system = '', value, period, extension } = identifier;
  if (typeof value !== 'string') return undefined;
  const certainty = extension?.find(({ url }) => url === EXTENSION.identityCertainty)?.valueCode;
  const text = identifier.type?.text;
  return {
    type: text !== undefined && isType(text) ? text : identityTypeOf(system),
    system,
    value,
    ...(isCertainty(certainty) && { certainty }),
    ...(period?.start === undefined ? {} : { from: period.start }),
    ...(period?.end === undefined ? {} : { to: period.end }),
  };
}

/** A name; `use` keeps a name of no parts from being an empty object, which FHIR forbids. */
export function writeName(name: PersonName): HumanName {
  return {
    use: 'official',
    ...(name.family === undefined ? {} : { family: name.family }),
    ...(name.given.length === 0 ? {} : { given: [...name.given] }),
  };
}

/** The inverse of {@link writeName}. */
export function readName({ family, given = [] }: HumanName): PersonName {
  return { ...(family === undefined ? {} : { family }), given };
}

const ADDRESS_TYPE: Extension = {
  url: EXTENSION.seAddressType,
  valueCodeableConcept: { coding: [{ system: SYSTEM.snomed, code: '63381000052101' }] },
};

const municipalityExtension = (code: string): Extension => ({
  url: EXTENSION.seMunicipality,
  valueCoding: { system: SYSTEM.municipality, code },
});

/** Where the person stays now: an address for the time being, of which only the municipality counts (SE-25, SE-26). */
export function writeStayingIn(municipality: string): Address {
  return { use: 'temp', extension: [municipalityExtension(municipality)] };
}

/** The inverse of {@link writeStayingIn}, among all addresses of a person; undefined when none is for the time being. */
export function readStayingIn(addresses: readonly Address[]): string | undefined {
  const temporary = addresses.find(({ use }) => use === 'temp');
  return temporary?.extension?.find(({ url }) => url === EXTENSION.seMunicipality)?.valueCoding?.code;
}

/** The listed clinic; one who is said to be listed nowhere has a reference that does not apply. */
export function writeListing(listedClinic: string): Reference {
  if (listedClinic !== UNLISTED)
    return { type: 'Organization', identifier: { system: IDENTIFIER_SYSTEM.hsa, value: listedClinic } };
  return { extension: [{ url: EXTENSION.dataAbsentReason, valueCode: NOT_APPLICABLE }] };
}

/** In the place of a listed clinic: there is none, which is more than that none is known. */
export const NOT_APPLICABLE = 'not-applicable';

/** The inverse of {@link writeListing}. */
export function readListing(clinic: Reference | undefined): string | undefined {
  const absent = clinic?.extension?.find(({ url }) => url === EXTENSION.dataAbsentReason)?.valueCode;
  return absent === NOT_APPLICABLE ? UNLISTED : clinic?.identifier?.value;
}

/** Folkbokföringsadress (SE-25), with the municipality as SE-26 and the district board where it is known. */
export function writeAddress(address: RegisteredAddress): Address {
  const { lines, postalCode, city, municipality, district } = address;
  const extension = [ADDRESS_TYPE];
  if (municipality !== undefined) extension.push(municipalityExtension(municipality));
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
