import {
  localDate,
  UNLISTED,
  type EncounterClass,
  type EncounterStatement,
  type Identity,
  type Leaving,
  type PatientStatement,
  type Protection,
  type RegisteredAddress,
} from '#libs/domain';
import { DISPOSITION } from '../codes.ts';
import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from '../addresses.ts';
import { identityTypeOf, isCertainty, NOT_APPLICABLE } from '../person.ts';
import { isProtection } from '../security-label.ts';
import { CODE, type Element } from './element.ts';
import { checkedIdentities, type PlacedIdentity } from './identities.ts';
import type { WardKind } from './kinds.ts';
import { visitIdIn } from './read-answer.ts';
import { checkOwnFact, readFacts } from './read-facts.ts';
import type { Contents, IncomingHeader, WardWords } from './message.ts';

/**
 * What a ward's message says: one Patient, one Encounter with the visit's own id, the ward as an Organization, and the facts
 * as Observations, each of which is what an OBX is (contract 5): code, scope, value, its own time (`effectiveDateTime`), and
 * whether it states (`final`), corrects (`corrected`) or takes back (`entered-in-error`) the fact of that code, scope and
 * time (DEC-19).
 */
export function readWardMessage(
  header: IncomingHeader,
  kind: WardKind,
  communication: Element,
  contents: Contents,
): WardWords | undefined {
  const [person, stay] = [contents.only('Patient'), contents.only('Encounter')];
  if (person === undefined || stay === undefined) return undefined;
  contents.mustMean(communication.child('subject'), person);
  contents.mustMean(communication.child('encounter'), stay);
  contents.mustMean(stay.child('subject'), person);
  const visitId = visitIdIn(stay);
  if (visitId === undefined) stay.child('identifier').wrong('fhir-missing');
  const isRemoval = header.link?.role === 'removal';
  const occurred = contents.ofType('Provenance').find(isOf(header))?.child('occurredDateTime', 'unstated').time()?.time;
  const encounter = readEncounter(stay, kind, contents, isRemoval);
  const facts = readFacts(header, occurred, contents);
  checkOwnFact(kind, facts, header, contents);
  const patient = readPatient(person, kind, isRemoval);
  const identities = checkedIdentities(readIdentities(person), localDate(header.sentAt), contents.report);
  if (visitId === undefined || identities === undefined) return undefined;
  return {
    from: 'ward',
    kind,
    visitId,
    identities,
    patient,
    encounter,
    facts,
    course: courseOf(kind, header),
    ...(occurred && { occurred }),
  };
}

const isOf = (header: IncomingHeader) => (provenance: Element) =>
  provenance.first('target').child('reference', 'noted').token(CODE)?.endsWith(header.messageId) === true;

/** A correction of how the patient left patches the discharge; a second discharge would be another one (DEC-24). */
function courseOf(kind: WardKind, { link }: IncomingHeader): WardWords['course'] {
  const course = kind.course ?? 'update';
  if (link?.role === 'removal') return kind.removal ?? 'update';
  return link?.role === 'revision' && course === 'discharge' ? 'update' : course;
}

const CLASSES: ReadonlyMap<string, EncounterClass> = new Map<string, EncounterClass>([
  ['IMP', 'IMP'],
  ['ACUTE', 'IMP'],
  ['NONAC', 'IMP'],
  ['EMER', 'EMER'],
  ['AMB', 'AMB'],
  ['PRENC', 'PRENC'],
  ...(['FLD', 'HH', 'OBSENC', 'SS', 'VR'] as const).map((code): [string, EncounterClass] => [code, 'OTHER']),
]);
const LEAVING: ReadonlyMap<string, Leaving> = new Map(
  (Object.entries(DISPOSITION) as [Leaving, string][]).map(([leaving, code]) => [code, leaving]),
);

function readEncounter(stay: Element, kind: WardKind, contents: Contents, isRemoval: boolean): EncounterStatement {
  const period = stay.child('period');
  const start = period.child('start').time()?.time;
  const end = period.child('end').time()?.time;
  const expected = stay.extension(EXTENSION.plannedEndDate).child('valueDateTime').time()?.time;
  // A removal says again what it takes away, or not; it is no statement of it.
  if (!isRemoval && kind.must === 'end' && end === undefined) period.child('end').wrong('fhir-missing');
  if (!isRemoval && kind.must === 'expectedDischarge' && expected === undefined) {
    stay.extension(EXTENSION.plannedEndDate).wrong('fhir-missing');
  }
  if (start && end && end.end <= start.start) period.child('end').flag('implausible-order');
  const known = readClass(stay.child('class').child('code'));
  const leaving = kind.leaving ?? readLeaving(stay);
  const ward = readWard(stay, contents);
  const receivingUnit = stay.child('hospitalization').child('destination', 'unstated').child('display').text();
  const protection = readProtection(stay);
  return {
    ...(known && { class: known }),
    ...(ward !== undefined && { ward }),
    ...(start && { start: start }),
    ...(end && !isRemoval && { end: end }),
    ...(expected && !isRemoval && { expectedDischarge: expected }),
    ...(leaving && !isRemoval && { leaving }),
    ...(receivingUnit !== undefined && { receivingUnit }),
    ...(protection && { protection }),
  };
}

/**
 * A class that v3-ActEncounterCode does not have counts as not stated, as in HL7 v2: without one nobody is told of the stay, so
 * that its sender must hear of it.
 */
function readClass(code: Element): EncounterClass | undefined {
  const written = code.token(CODE);
  return written === undefined ? undefined : code.with('unstated').orWrong(CLASSES.get(written), 'fhir-code');
}

function readLeaving(stay: Element): Leaving | undefined {
  const disposition = stay.child('hospitalization').child('dischargeDisposition', 'flagged');
  if (!disposition.isThere) return undefined;
  const leaving = disposition.codes(SYSTEM.discharge).map((code) => LEAVING.get(code));
  // A way of leaving that nobody knows is a way home, as table 0112 is read (contract 5).
  return disposition.orWrong(leaving[0], 'fhir-code') ?? 'home';
}

/** HSA-id of the ward: of the Organization that `serviceProvider` means, or in the reference itself. One without is told (SAL-3). */
function readWard(stay: Element, contents: Contents): string | undefined {
  const reference = stay.child('serviceProvider', 'unstated');
  if (!reference.isThere) return undefined;
  const unit = contents.at(reference, stay)?.with('unstated');
  const identifiers = [reference.child('identifier'), ...(unit?.all('identifier') ?? [])];
  const isHsa = (one: Element) => HSA_SYSTEMS.has(one.child('system').token(CODE) ?? '');
  return reference.orWrong(identifiers.find(isHsa)?.child('value').text(), 'bad-hsa-id');
}

/** The same value space under two names (SE-6). */
const HSA_SYSTEMS: ReadonlySet<string> = new Set([IDENTIFIER_SYSTEM.hsa, IDENTIFIER_SYSTEM.hsaInera]);

/** The label of a protected person or visit (SE-24); one that is no kind that we know is handled as the strictest (DEC-23). */
function readProtection(resource: Element): Protection | undefined {
  const label = resource
    .child('meta')
    .all('security')
    .find((one) => [SYSTEM.securityLabel, SYSTEM.protection].includes(one.child('system').token(CODE) as never));
  if (label === undefined) return undefined;
  const code = label.child('code').token(CODE);
  return isProtection(code) ? code : 'unknown';
}

/** One series of numbers under several names (SE-1 to SE-5): one person must not become two. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['urn:oid:1.2.752.129.2.1.3.1', IDENTIFIER_SYSTEM.personnummer],
  ['urn:oid:1.2.752.129.2.1.3.3', IDENTIFIER_SYSTEM.samordningsnummer],
  ['urn:oid:1.2.752.74.9.1', IDENTIFIER_SYSTEM.nationelltReservnummer],
  ['https://uid.regionstockholm.se/reservnummer', IDENTIFIER_SYSTEM['reservnummer-stockholm']],
]);

function readIdentities(person: Element): PlacedIdentity[] {
  return person.all('identifier').flatMap((one) => {
    const value = one.child('value', 'unstated').text();
    const written = one.child('system', 'unstated').token(CODE) ?? '';
    const system = OTHER_NAMES.get(written) ?? written;
    // A number that the person has no more is nobody's to be told by (Identifier.use).
    if (value === undefined || one.child('use', 'noted').token(CODE) === 'old') return [];
    const day = (name: string) =>
      one
        .child('period')
        .child(name, 'noted')
        .token(/^\d{4}-\d\d-\d\d/)
        ?.slice(0, 10);
    const [from, to] = [day('start'), day('end')];
    const dates = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const certainty = identityTypeOf(system) === 'samordningsnummer' ? readCertainty(one) : {};
    return { identity: { type: identityTypeOf(system), system, value, ...certainty, ...dates }, place: one.place };
  });
}

/** How certain a co-ordination number is; a code that nobody knows is a note, and the certainty unstated. */
function readCertainty(identifier: Element): Pick<Identity, 'certainty'> {
  const extension = identifier.all('extension').find((one) => one.child('url').text() === EXTENSION.identityCertainty);
  const code = extension?.child('valueCode', 'noted');
  const text = code?.token(CODE);
  if (!code || text === undefined) return {};
  const certainty = code.orWrong(isCertainty(text) ? text : undefined, 'fhir-code');
  return certainty ? { certainty } : {};
}

function readPatient(person: Element, kind: WardKind, isRemoval: boolean): WardWords['patient'] {
  const name = nameInUse(person.with('unstated'));
  const family = name.child('family').text();
  const given = name.all('given').flatMap((one) => one.text() ?? []);
  const birthDate = person.child('birthDate', 'noted').token(/^\d{4}(-\d\d(-\d\d)?)?$/);
  const listedClinic = readListing(person);
  const died = person.child('deceasedDateTime').time()?.time;
  const deceased = kind.dead ? !isRemoval : (person.child('deceasedBoolean').yes() ?? (died && true));
  const address = readAddress(person);
  const stayingIn = readStayingIn(person);
  const protection = readProtection(person);
  const patient: Omit<PatientStatement, 'identities'> = {
    ...(family !== undefined || given.length > 0 ? { name: { ...(family !== undefined && { family }), given } } : {}),
    ...(birthDate !== undefined && { birthDate }),
    ...(deceased !== undefined && { deceased }),
    ...(died && deceased === true && { deceasedAt: died }),
    ...(address && { address }),
    ...(stayingIn !== undefined && { stayingIn }),
    ...(listedClinic !== undefined && { listedClinic }),
    ...(protection && { protection }),
  };
  return patient;
}

const USES = ['official', 'usual', undefined];

/** The name by which the person goes, not one that it had before, wherever it stands; the first where none says what it is. */
function nameInUse(person: Element): Element {
  const names = person.all('name');
  const inUse = USES.map((use) => names.find((one) => one.child('use', 'noted').token(CODE) === use));
  return inUse.find((one) => one !== undefined) ?? person.first('name');
}

/** The clinic's HSA-id; that the reference does not apply says that the person is listed nowhere (RTE-09). */
function readListing(person: Element): string | undefined {
  const clinic = person.with('unstated').first('generalPractitioner');
  const absent = clinic.extension(EXTENSION.dataAbsentReason).child('valueCode').token(CODE);
  return absent === NOT_APPLICABLE ? UNLISTED : clinic.child('identifier').child('value').text();
}

/** Where the person stays for the time being: the municipality of the address of that use (SoL 29:4; SE-25). */
function readStayingIn(person: Element): string | undefined {
  const address = person
    .with('unstated')
    .all('address')
    .find((one) => one.child('use').token(CODE) === 'temp');
  return address && municipalityOf(address);
}

function municipalityOf(address: Element): string | undefined {
  const coding = address.extension(EXTENSION.seMunicipality).child('valueCoding');
  return coding.child('code').token(/^\d{4}$/);
}

const REGISTERED = '63381000052101';

/** Folkbokföringsadress by its type alone (SE-25), never the first of the addresses. */
function readAddress(person: Element): RegisteredAddress | undefined {
  const address = person
    .with('unstated')
    .all('address')
    .find((one) =>
      one.extension(EXTENSION.seAddressType).child('valueCodeableConcept').codes(SYSTEM.snomed).includes(REGISTERED),
    );
  if (address === undefined) return undefined;
  const postalCode = address.child('postalCode').text();
  const city = address.child('city').text();
  const municipality = municipalityOf(address);
  const district = address
    .extension(EXTENSION.seDistrictBoard)
    .child('valueString')
    .token(/^[a-z0-9-]{1,60}$/);
  return {
    lines: address.all('line').flatMap((line) => line.text() ?? []),
    ...(postalCode !== undefined && { postalCode }),
    ...(city !== undefined && { city }),
    ...(municipality !== undefined && { municipality }),
    ...(district !== undefined && { district }),
  };
}
