import type { PatientStatement, Protection } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { strictest } from '../person/protection.ts';
import type { Stay } from './stay.ts';

type Snapshot = Pick<
  Stay,
  'patient' | 'protection' | 'protectionDeletedBy' | 'ward' | 'expectedDischarge' | 'deceased'
>;

/** Of every field the latest statement by time: unstated leaves it, null deletes it (standards 8.6). */
export class LatestStatements {
  #patient: PatientStatement = { identities: [] };
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
    this.#patient = { ...this.#patient, ...stated(patient) };
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
    return { ...this.#snapshot, patient: this.#patient };
  }
}

/** A statement without what it leaves unsaid. */
function stated(patient: PatientStatement): Partial<PatientStatement> {
  return Object.fromEntries(
    Object.entries(patient).filter(
      ([name, value]) => value !== undefined && !(name === 'identities' && patient.identities.length === 0),
    ),
  );
}
