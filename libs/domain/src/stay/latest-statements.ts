import type { Identity, PatientStatement, Protection } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { strictest } from '../person/protection.ts';
import type { Stay } from './stay.ts';

type Snapshot = Pick<
  Stay,
  'patient' | 'protection' | 'protectionDeletedBy' | 'ward' | 'expectedDischarge' | 'deceased'
>;

/** Of every field the latest statement by time: unstated leaves it, null deletes it (standards 8.6). */
export class LatestStatements {
  /** Belongs to these statements alone: what is answered is a copy. */
  readonly #patient: Patient = { identities: [] };
  /** Of the person, and of this visit alone. */
  #ofPerson: Protection | undefined;
  #ofVisit: Protection | undefined;
  readonly #snapshot: { -readonly [Key in keyof Snapshot]: Snapshot[Key] } = {
    patient: this.#patient,
    deceased: false,
  };

  /** @param ordered events of one stay by time */
  constructor(ordered: readonly StayEvent[]) {
    for (const event of ordered) this.take(event);
  }

  /** Takes the latest event by time. */
  take({ patient, encounter, eventId, beside }: StayEvent): void {
    const snapshot = this.#snapshot;
    const known = this.#patient.identities;
    for (const name of PATIENT_FIELDS) patch(this.#patient, patient, name);
    if (known.some(({ certainty }) => certainty))
      this.#patient.identities = this.#patient.identities.map((one) => withCertainty(one, known));
    // Protection once stated holds until a person lifts it: a sender that leaves the flag out may not undo it (DEC-23).
    this.#ofPerson = strictest(beside?.lifted ? undefined : this.#ofPerson, patient.protection);
    this.#ofVisit = strictest(beside?.lifted?.ofVisit ? undefined : this.#ofVisit, encounter.protection);
    const protection = strictest(this.#ofPerson, this.#ofVisit);
    if (protection) snapshot.protection = protection;
    else delete snapshot.protection;
    if (beside?.lifted) delete snapshot.protectionDeletedBy;
    if (patient.protectionDeleted) snapshot.protectionDeletedBy = eventId;
    if (patient.deceased !== undefined) snapshot.deceased = patient.deceased;
    if (encounter.ward === null) delete snapshot.ward;
    else if (encounter.ward !== undefined) snapshot.ward = encounter.ward;
    if (encounter.expectedDischarge === null) delete snapshot.expectedDischarge;
    else if (encounter.expectedDischarge) snapshot.expectedDischarge = encounter.expectedDischarge;
  }

  /** What is stated now; what is answered stays as it is when more is taken. */
  now(): Snapshot {
    return { ...this.#snapshot, patient: { ...this.#patient } };
  }
}

type Patient = { -readonly [Key in keyof PatientStatement]: PatientStatement[Key] };

/** Every field of a person, by name: a loop over names that stand here is three times as fast as one over what is there. */
const PATIENT_FIELDS = Object.keys({
  identities: true,
  name: true,
  birthDate: true,
  deceased: true,
  deceasedAt: true,
  address: true,
  stayingIn: true,
  listedClinic: true,
  protection: true,
  protectionDeleted: true,
} satisfies Record<keyof PatientStatement, true>) as (keyof PatientStatement)[];

/** Puts in what a statement says of one field; what it leaves unsaid stays. */
function patch<Name extends keyof PatientStatement>(
  known: Pick<Patient, Name>,
  said: Pick<PatientStatement, Name>,
  name: Name,
): void {
  const value = said[name];
  if (value !== undefined && !(Array.isArray(value) && value.length === 0)) known[name] = value;
}

/** A number that is stated again without its certainty is as certain as it was. */
function withCertainty(identity: Identity, known: readonly Identity[]): Identity {
  if (identity.certainty) return identity;
  const { certainty } = known.find(({ system, value }) => system === identity.system && value === identity.value) ?? {};
  return certainty ? { ...identity, certainty } : identity;
}
