import type { EventFinding, Identity, PatientStatement, Protection } from '#libs/domain';
import type { SenderEvent } from '#libs/fhir';
import type { PersonRegister, RegisteredPerson } from '#libs/county';
import { MessagingError, type InRecord } from '#libs/messaging';
import type { FaultName } from '#libs/platform';
import { statedOnly } from '../hl7v2/places.ts';
import { STRICTEST_FIRST } from '../hl7v2/patient.ts';
import type { Translation } from '../translation.ts';

/** A message and what it became, before the register was asked. */
export interface Read {
  readonly inbound: Pick<InRecord, 'kind'>;
  readonly translation: Translation;
}

/**
 * Asks the register of persons for each person that a sender's message names, and lays its word beside the message's. It has
 * to happen before the event is published: what a party has been told of a protected person cannot be untold.
 *
 * The event says of itself that its person was looked up, and whether the register had one (`EventOrigin.register`). So no
 * look-up is left unwritten, without a database here: whatever becomes of an event carries which message of whom asked for
 * whom, and when, to the router's table of events, where it stays (SEC-20). And all who fold the event fold the same word.
 * @returns the translations in their order
 * @throws MessagingError `unavailable` when the register does not answer: nothing may be published, and the batch is read again
 */
export async function askRegister(reads: readonly Read[], register: PersonRegister): Promise<readonly Translation[]> {
  if (!register.isThere()) return reads.map(({ translation }) => translation);
  return Promise.all(reads.map(({ inbound, translation }) => asked(translation, inbound.kind, register)));
}

async function asked(translation: Translation, kind: string, register: PersonRegister): Promise<Translation> {
  if (translation.kind !== 'events') return translation;
  const events = await Promise.all(
    translation.events.map(async (translated) => {
      const identities = registeredIn(translated.event);
      if (identities.length === 0) return translated;
      const person = await firstFound(identities, register);
      const event = { ...translated.event, register: person ? 'found' : 'unknown' } as const;
      return { ...translated, event: person ? withRegisterWord(event, person, kind) : event };
    }),
  );
  return { ...translation, events };
}

/** Of several identities of one person the first that the register has speaks. */
async function firstFound(
  identities: readonly Identity[],
  register: PersonRegister,
): Promise<RegisteredPerson | undefined> {
  for (const identity of identities) {
    const person = await register.find(identity).catch(() => {
      throw new MessagingError('unavailable', 'the register of persons does not answer');
    });
    if (person !== undefined) return person;
  }
  return undefined;
}

/** The identities that a register can know: a local number is known at its sender alone. */
function registeredIn(event: SenderEvent): readonly Identity[] {
  const identities = patientOf(event)?.identities ?? [];
  return identities.filter(({ type }) => type !== 'other' && type !== 'reservnummer-region');
}

/** Where each way of writing a message has what the register knows as well. */
interface Places {
  readonly identity: string;
  readonly name: string;
  readonly birthDate: string;
  readonly address: string;
  readonly clinic: string;
  readonly death: string;
  readonly protection: string;
}

const HL7V2: Places = {
  ...{ identity: 'PID-3', name: 'PID-5', birthDate: 'PID-7', address: 'PID-11', clinic: 'PD1-3' },
  ...{ death: 'PID-30', protection: 'ARV-3' },
};
const FHIR: Places = {
  ...{ identity: 'Patient.identifier', name: 'Patient.name', birthDate: 'Patient.birthDate' },
  ...{ address: 'Patient.address', clinic: 'Patient.generalPractitioner' },
  ...{ death: 'Patient.deceased', protection: 'Patient.meta.security' },
};
const FORM: Places = {
  ...{ identity: '$.person.identity', name: '$.person.family', birthDate: '$.person.birthDate' },
  ...{
    address: '$.person.address',
    clinic: '$.person.listedClinic',
    death: '$.code',
    protection: '$.person.protection',
  },
};
const PLACES: ReadonlyMap<string, Places> = new Map([
  ['hl7v2', HL7V2],
  ['fhir-message', FHIR],
]);

/**
 * An event beside what the register says of its person. Where they differ the event says so, by place and without a content,
 * and what the sender stated stands: who is right is for people to find out. But for one thing: whom the register protects is
 * protected from here on, whether or not the sender knows it, and the address goes no further (DEC-23, RTE-43). Silence of the
 * register lifts nothing. How certain a co-ordination number is, is the register's to say where the sender has not (rules 4.5).
 * @param kind of the record on `inbound`, for the names of the places
 */
export function withRegisterWord(event: SenderEvent, person: RegisteredPerson, kind: string): SenderEvent {
  const patient = patientOf(event);
  if (patient === undefined) return event;
  const places = PLACES.get(kind) ?? FORM;
  const findings: EventFinding[] = differences(patient, person, places).map((place) =>
    flagged('register-differs', place),
  );
  const protection = strictest(patient.protection, person.protection);
  const isNews = person.protection !== undefined && patient.protection !== protection;
  if (isNews) findings.push(flagged('register-protects', places.protection));
  const all = findings.length === 0 ? event : { ...event, findings: [...event.findings, ...findings] };
  const certain = withCertainty(patient, person);
  if (isNews && protection !== undefined) return withPatient(all, guarded(certain, protection));
  return certain === patient ? all : withPatient(all, certain);
}

/** The co-ordination number with the register's certainty, where the sender has stated none; the same patient without. */
function withCertainty(patient: PatientStatement, { identity }: RegisteredPerson): PatientStatement {
  const isOpen = ({ type, value, certainty }: Identity): boolean =>
    type === identity.type && value === identity.value && !certainty;
  if (!identity.certainty || !patient.identities.some(isOpen)) return patient;
  const { certainty } = identity;
  return { ...patient, identities: patient.identities.map((one) => (isOpen(one) ? { ...one, certainty } : one)) };
}

function patientOf(event: SenderEvent): PatientStatement | undefined {
  if ('stayId' in event) return event.patient;
  return event.says.kind === 'described' ? event.says.patient : undefined;
}

function withPatient(event: SenderEvent, patient: PatientStatement): SenderEvent {
  if ('stayId' in event) return { ...event, patient };
  return event.says.kind === 'described' ? { ...event, says: { ...event.says, patient } } : event;
}

function guarded(patient: PatientStatement, protection: Protection): PatientStatement {
  return statedOnly<PatientStatement>({ ...patient, address: undefined, stayingIn: undefined, protection });
}

function strictest(a: Protection | undefined, b: Protection | undefined): Protection | undefined {
  return STRICTEST_FIRST.find((kind) => kind === a || kind === b);
}

const flagged = (code: FaultName, place: string): EventFinding => ({ grade: 'flagged', code, place });

/** The places at which both say something, and not the same. */
function differences(patient: PatientStatement, person: RegisteredPerson, places: Places): string[] {
  const { name, address, listedClinic, birthDate } = patient;
  const stated = patient.identities.find(({ type }) => type === person.identity.type);
  const differ: readonly (readonly [place: string, differs: boolean])[] = [
    [places.identity, stated !== undefined && isAnother(stated, person.identity)],
    [places.name, name?.family !== undefined && !sameText(name.family, person.family)],
    [places.birthDate, !!birthDate && person.birthDate !== undefined && !person.birthDate.startsWith(birthDate)],
    [places.address, livesElsewhere(address, person.address)],
    [places.clinic, !!listedClinic && person.listedClinic !== undefined && listedClinic !== person.listedClinic],
    // A death that the ward does not know of; one that the register has not heard of yet is no difference.
    [places.death, person.died !== undefined && patient.deceased !== true],
  ];
  return differ.flatMap(([place, differs]) => (differs ? [place] : []));
}

function isAnother(stated: Identity, known: RegisteredPerson['identity']): boolean {
  if (stated.value !== known.value) return true;
  return stated.certainty !== undefined && known.certainty !== undefined && stated.certainty !== known.certainty;
}

function livesElsewhere(stated: PatientStatement['address'], registered: RegisteredPerson['address']): boolean {
  if (!stated?.municipality || registered === undefined) return false;
  if (stated.municipality !== registered.municipality) return true;
  return !!stated.district && registered.district !== undefined && !stated.district.endsWith(registered.district);
}

/** Registers write names in capitals, and wards with more blanks. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLocaleUpperCase('sv');
  return plain(a) === plain(b);
}
