import {
  isBetweenDates,
  isFarAhead,
  localDate,
  UNLISTED,
  type Identity,
  type PatientStatement,
  type RegisteredAddress,
} from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from '../addresses.ts';
import { identityTypeOf, isCertainty, NOT_APPLICABLE } from '../person.ts';
import { CODE, type Element } from './element.ts';
import { checkedIdentities, type PlacedIdentity } from './identities.ts';
import type { WardKind } from './kinds.ts';
import { visitIdIn } from './read-answer.ts';
import { hsaIdBehind, readEncounter, readProtection } from './read-encounter.ts';
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
  const happened = contents.provenanceOf(header.messageId)?.child('occurredDateTime', 'unstated');
  const occurred = happened?.time()?.time;
  if (isFarAhead(occurred, header.sentAt + 1)) happened?.flag('event-after-message');
  const course = courseOf(kind, header);
  const encounter = readEncounter(stay, { kind, course, isRemoval, sentAt: header.sentAt }, contents);
  const facts = readFacts(header, occurred, contents);
  checkOwnFact(kind, facts, header, contents);
  const today = localDate(header.sentAt);
  const patient = readPatient(person, kind, { isRemoval, today }, contents);
  const identities = checkedIdentities(readIdentities(person), today, contents.report);
  if (visitId === undefined || identities === undefined) return undefined;
  return {
    from: 'ward',
    kind,
    visitId,
    identities,
    patient,
    encounter,
    facts,
    course,
    ...(occurred && { occurred }),
  };
}

/** A correction of how the patient left patches the discharge; a second discharge would be another one (DEC-24). */
function courseOf(kind: WardKind, { link }: IncomingHeader): WardWords['course'] {
  const course = kind.course ?? 'update';
  if (link?.role === 'removal') return kind.removal ?? 'update';
  return link?.role === 'revision' && course === 'discharge' ? 'update' : course;
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
    const value = one.textOf('value', 'unstated');
    const written = one.tokenOf('system', CODE, 'unstated') ?? '';
    // Whose number it is nobody can tell: it is kept apart from the same number of its register.
    if (value !== undefined && !one.child('system').isThere) one.child('system').flag('fhir-missing');
    const system = OTHER_NAMES.get(written) ?? written;
    // A number that the person has no more is nobody's to be told by (Identifier.use).
    if (value === undefined || one.tokenOf('use', CODE, 'noted') === 'old') return [];
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
  const extension = identifier.all('extension').find((one) => one.textOf('url') === EXTENSION.identityCertainty);
  const code = extension?.child('valueCode', 'noted');
  const text = code?.token(CODE);
  if (!code || text === undefined) return {};
  const certainty = code.orWrong(isCertainty(text) ? text : undefined, 'fhir-code');
  return certainty ? { certainty } : {};
}

function readPatient(
  person: Element,
  kind: WardKind,
  { isRemoval, today }: { readonly isRemoval: boolean; readonly today: string },
  contents: Contents,
): WardWords['patient'] {
  const name = nameInUse(person.with('unstated'), today);
  const family = name.textOf('family');
  const given = name.all('given').flatMap((one) => one.text() ?? []);
  const birthDate = person.child('birthDate', 'noted').token(/^\d{4}(-\d\d(-\d\d)?)?$/);
  const listedClinic = readListing(person, contents);
  const died = person.child('deceasedDateTime').time()?.time;
  const deceased = kind.dead ? !isRemoval : (person.child('deceasedBoolean').yes() ?? (died && true));
  const address = readAddress(person, today);
  const stayingIn = readStayingIn(person, today);
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

/** Whether a name or an address is the person's on a local date, by its use and its period; a month or a year as far as it says. */
function holds(one: Element, today: string): boolean {
  if (one.tokenOf('use', CODE, 'noted') === 'old') return false;
  if (!one.has('period')) return true;
  const [from, to] = ['start', 'end'].map(
    (name) => /^[\d-]+/.exec(one.child('period').textOf(name, 'noted') ?? '')?.[0],
  );
  return isBetweenDates(today, from, to);
}

const USES = ['official', 'usual', undefined];

/** The name by which the person goes, not one that it had before, wherever it stands; the first where none says what it is. */
function nameInUse(person: Element, today: string): Element {
  const names = person.all('name').filter((one) => holds(one, today));
  const inUse = USES.map((use) => names.find((one) => one.tokenOf('use', CODE, 'noted') === use));
  return inUse.find((one) => one !== undefined) ?? person.first('name');
}

/**
 * The clinic's HSA-id, whichever of several it is; one without is told (SAL-3). That the reference does not apply says that the
 * person is listed nowhere (RTE-09).
 */
function readListing(person: Element, contents: Contents): string | undefined {
  const [first, ...more] = person.with('unstated').all('generalPractitioner');
  if (first === undefined) return undefined;
  const absent = first.extension(EXTENSION.dataAbsentReason).tokenOf('valueCode', CODE);
  if (absent === NOT_APPLICABLE) return UNLISTED;
  const [known] = [first, ...more].flatMap((one) => hsaIdBehind(one, person, contents) ?? []);
  return first.orWrong(known ?? first.child('identifier').textOf('value'), 'bad-hsa-id');
}

/** Where the person stays for the time being: the municipality of the address of that use (SoL 29:4; SE-25). */
function readStayingIn(person: Element, today: string): string | undefined {
  const address = person
    .with('unstated')
    .all('address')
    .find((one) => one.tokenOf('use', CODE) === 'temp' && holds(one, today));
  return address && municipalityOf(address);
}

function municipalityOf(address: Element): string | undefined {
  const coding = address.extension(EXTENSION.seMunicipality).child('valueCoding');
  return coding.child('code').token(/^\d{4}$/);
}

const REGISTERED = '63381000052101';

/** Folkbokföringsadress by its type alone (SE-25), never the first of the addresses; of several the one that holds. */
function readAddress(person: Element, today: string): RegisteredAddress | undefined {
  const registered = person
    .with('unstated')
    .all('address')
    .filter((one) =>
      one.extension(EXTENSION.seAddressType).child('valueCodeableConcept').codes(SYSTEM.snomed).includes(REGISTERED),
    );
  const isOld = (one: Element) => one.tokenOf('use', CODE, 'noted') === 'old';
  const address = registered.find((one) => holds(one, today)) ?? registered.find((one) => !isOld(one));
  if (address === undefined) return undefined;
  const postalCode = address.textOf('postalCode');
  const city = address.textOf('city');
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
