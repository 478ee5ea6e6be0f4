import type { PersonEvent } from '../events/person-event.ts';
import type { Identity, IdentityType, PatientStatement, Protection } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { isInForce } from '../parties/party.ts';
import { type Instant, localDate, type StatedTime } from '../time/time.ts';
import { strictest } from './protection.ts';

/**
 * A person over all stays: what is said of the person in any of them, and what is said beside them. The state of a stay
 * refers to it; it refers to no stay.
 *
 *   alive -> dead -> alive            a death, and its correction; the latest word holds
 *   unprotected -> protected          said by any sender, a register or a person
 *   protected -> unprotected          only by the operator, with a reason (DEC-23); a sender's delete changes nothing here
 *   one person -> another's record    a merge; what the operator joined he can take back
 */
export interface Person {
  readonly patientId: string;
  /** Those in force on the day that was asked about, the official ones first. */
  readonly identities: readonly Identity[];
  readonly birthDate?: string;
  readonly protection?: { readonly label: Protection; readonly since: Instant; readonly saidBy: string };
  readonly death?: { readonly at?: StatedTime; readonly since: Instant };
  /** The record that took this one over. */
  readonly mergedInto?: Identity;
  /** What the register says. */
  readonly registered: Partial<PatientStatement>;
}

/** A statement about the person, wherever it was made. */
interface Word {
  readonly at: Instant;
  readonly stamp: number;
  readonly intakeAt: Instant;
  readonly eventId: string;
  readonly saidBy: string;
  /** Whose identity counts from now on, where it is a merge. */
  readonly survivor?: string;
  readonly says: PersonEvent['says'] | { readonly kind: 'stay'; readonly patient: PatientStatement };
}

/**
 * Folds what is known of one person, in the order of word; the same for every order in which it came.
 * @param date local day on which identities are to be in force
 */
export function foldPerson(
  patientId: string,
  stays: readonly StayEvent[],
  events: readonly PersonEvent[],
  date: string,
): Person {
  const undone = new Set(events.flatMap(({ says }) => (says.kind === 'undone' ? [says.eventId] : [])));
  const words = [...stays.map(ofStay), ...events.filter(({ eventId }) => !undone.has(eventId)).map(ofPerson)].sort(
    (a, b) => a.at - b.at || a.stamp - b.stamp || (a.eventId < b.eventId ? -1 : 1),
  );
  const identities = new Map<string, Identity>();
  let person: Omit<Person, 'identities'> = { patientId, registered: {} };
  for (const word of words) {
    for (const identity of identitiesIn(word)) identities.set(`${identity.system}|${identity.value}`, identity);
    person = said(person, word);
  }
  return { ...person, identities: [...identities.values()].filter((one) => isInForce(one, date)).sort(officialFirst) };
}

function ofStay(event: StayEvent): Word {
  const { sentAt: at, intakeStamp: stamp, intakeAt, eventId, sender: saidBy, patient } = event;
  return { at, stamp, intakeAt, eventId, saidBy, says: { kind: 'stay', patient } };
}

function ofPerson({ sentAt: at, intakeStamp: stamp, intakeAt, eventId, saidBy, patientIds, says }: PersonEvent): Word {
  return { at, stamp, intakeAt, eventId, saidBy, survivor: patientIds[0], says };
}

function identitiesIn({ says }: Word): readonly Identity[] {
  if (says.kind === 'identified') return [says.identity];
  return 'patient' in says ? (says.patient.identities ?? []) : [];
}

type Known = Omit<Person, 'identities'>;

function said(person: Known, { says, saidBy, intakeAt: since, survivor }: Word): Known {
  switch (says.kind) {
    case 'stay':
    case 'described':
      return described(person, says.patient, saidBy, since);
    case 'registered': {
      const registered = { ...person.registered, ...says.patient };
      return { ...described(person, says.patient, saidBy, since), registered };
    }
    case 'protected':
      return protectedBy(person, says.label, saidBy, since);
    case 'protection-lifted':
      return without(person, 'protection');
    case 'died':
      return { ...person, death: { since, ...(says.at && { at: says.at }) } };
    case 'not-dead':
      return without(person, 'death');
    case 'merged': {
      const [into] = says.patient.identities;
      const known = described(person, says.patient, saidBy, since);
      return into && survivor !== person.patientId ? { ...known, mergedInto: into } : known;
    }
    case 'identified':
    case 'stays-joined':
    case 'undone':
      return person;
  }
}

function described(person: Known, patient: Partial<PatientStatement>, saidBy: string, since: Instant): Known {
  const { birthDate, deceased, deceasedAt, protection } = patient;
  let known: Known = birthDate ? { ...person, birthDate } : person;
  if (deceased === false) known = without(known, 'death');
  else if (deceased)
    known = { ...known, death: { since: known.death?.since ?? since, ...(deceasedAt && { at: deceasedAt }) } };
  return protection ? protectedBy(known, protection, saidBy, since) : known;
}

function protectedBy(person: Known, label: Protection, saidBy: string, since: Instant): Known {
  const before = person.protection;
  const strict = strictest(before?.label, label) ?? label;
  return { ...person, protection: before ? { ...before, label: strict } : { label: strict, since, saidBy } };
}

function without(person: Known, name: 'protection' | 'death'): Known {
  return Object.fromEntries(Object.entries(person).filter(([key]) => key !== name)) as unknown as Known;
}

const OFFICIAL = ['personnummer', 'samordningsnummer'];

function officialFirst(a: Identity, b: Identity): number {
  const place = ({ type }: Identity): number => (OFFICIAL.includes(type) ? OFFICIAL.indexOf(type) : OFFICIAL.length);
  return place(a) - place(b);
}

/** Whole years at an instant; undefined when the day of birth is not known. A reserve number tells no age (rules 4.5). */
export function ageOn({ birthDate }: Pick<Person, 'birthDate'>, instant: Instant): number | undefined {
  return ageOnDay(birthDate, localDate(instant));
}

/** Whole years on a local day, `YYYY-MM-DD`; undefined when the day of birth is not known in full. */
export function ageOnDay(birthDate: string | undefined, date: string): number | undefined {
  if (birthDate?.length !== 10) return undefined;
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Which identity the notices carry (standards 2): the first of these types that a message has. */
const PREFERENCE: readonly IdentityType[] = [
  'personnummer',
  'samordningsnummer',
  'nationelltReservnummer',
  'reservnummer-stockholm',
  'reservnummer-region',
  'LMA-nummer',
  'other',
];

/**
 * Compares identities of one person, the one that counts first: in force on the day, then by type, then the later beginning
 * (DEC-35). One rule for every way in, or the same person would be told of by two numbers.
 * @param date local, `YYYY-MM-DD`
 */
export function compareIdentities(a: Identity, b: Identity, date: string): number {
  const byForce = Number(isInForce(b, date)) - Number(isInForce(a, date));
  const byType = PREFERENCE.indexOf(a.type) - PREFERENCE.indexOf(b.type);
  const [begun, other] = [a.from ?? '', b.from ?? ''];
  return byForce || byType || (begun === other ? 0 : begun < other ? 1 : -1);
}
