import { comparePlaces, Latest, LatestOfEach, type Place, type Said } from '../events/order-of-time.ts';
import { insertInOrder } from '../events/order.ts';
import { isSameValue } from '../events/same-value.ts';
import type { Identity, PatientStatement, Protection } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { strictest } from '../person/protection.ts';
import type { Stay } from './stay.ts';

type Snapshot = Pick<
  Stay,
  'patient' | 'protection' | 'protectionDeletedBy' | 'ward' | 'expectedDischarge' | 'deceased' | 'terms'
>;

type Patient = { -readonly [Key in keyof PatientStatement]: PatientStatement[Key] };

/**
 * Of every field the latest statement by time: unstated leaves it, null deletes it (standards 8.6). Events may be taken in
 * whatever order: each says where it stands, and only the latest of each field is kept, but for what more than one says together.
 */
export class LatestStatements {
  readonly #patient = new LatestOfEach<keyof PatientStatement, unknown>();
  readonly #identities = new StatedIdentities();
  readonly #protection = new StatedProtection();
  readonly #ward = new Latest<string | null>();
  readonly #expectedDischarge = new Latest<Snapshot['expectedDischarge'] | null>();
  /** Of the ward's own messages, and of whichever while there are none of those. */
  readonly #terms = new Latest<Snapshot['terms']>();
  readonly #anyTerms = new Latest<Snapshot['terms']>();
  #patientNow: PatientStatement | undefined;

  /** Takes one more event. @param place where it stands in the order of time */
  take(event: StayEvent, place: Place): void {
    const { patient, encounter, beside, terms } = event;
    for (const name of PATIENT_FIELDS) {
      const value = patient[name];
      if (value !== undefined && this.#patient.take(name, value, place)) this.#patientNow = undefined;
    }
    if (patient.identities.length > 0) this.#identities.take(patient.identities, place);
    this.#protection.take(event, place);
    if (encounter.ward !== undefined) this.#ward.take(encounter.ward, place);
    if (encounter.expectedDischarge !== undefined) this.#expectedDischarge.take(encounter.expectedDischarge, place);
    if (!beside) this.#terms.take(terms, place);
    this.#anyTerms.take(terms, place);
  }

  /** What is stated now; the person is the same object as long as the same is said of it. @throws when nothing was taken */
  now(): Snapshot {
    const [ward, expectedDischarge] = [this.#ward.value, this.#expectedDischarge.value];
    const terms = this.#terms.value ?? this.#anyTerms.value;
    if (!terms) throw new Error('a stay has at least one event');
    const patient = this.#patientSaid();
    return {
      patient,
      deceased: patient.deceased ?? false,
      terms,
      ...this.#protection.now(),
      ...(ward != null && { ward }),
      ...(expectedDischarge && { expectedDischarge }),
    };
  }

  #patientSaid(): PatientStatement {
    const identities = this.#identities.now();
    if (this.#patientNow?.identities === identities) return this.#patientNow;
    const said = Object.fromEntries(this.#patient.entries()) as Partial<Patient>;
    return (this.#patientNow = { ...said, identities });
  }
}

function insert<T>(all: Said<T>[], said: Said<T>): void {
  insertInOrder(all, said, (a, b) => comparePlaces(a.place, b.place));
}

/** The identities stated last. A number that is stated again without its certainty is as certain as it was. */
class StatedIdentities {
  readonly #all: Said<readonly Identity[]>[] = [];
  #someCertain = false;
  #now: readonly Identity[] = [];
  #isRead = true;

  take(value: readonly Identity[], place: Place): void {
    insert(this.#all, { value, place });
    this.#someCertain ||= value.some(({ certainty }) => certainty !== undefined);
    this.#isRead = false;
  }

  /** The same list as long as the same are stated. */
  now(): readonly Identity[] {
    if (this.#isRead) return this.#now;
    this.#isRead = true;
    const last = this.#all.at(-1)?.value ?? [];
    const now = this.#someCertain ? last.map((identity) => this.#withCertainty(identity)) : last;
    if (!isSameValue(this.#now, now)) this.#now = now;
    return this.#now;
  }

  #withCertainty(identity: Identity): Identity {
    if (identity.certainty) return identity;
    for (let index = this.#all.length - 2; index >= 0; index--) {
      const same = this.#all[index]?.value.find(
        ({ system, value }) => system === identity.system && value === identity.value,
      );
      if (!same) return identity;
      if (same.certainty) return { ...identity, certainty: same.certainty };
    }
    return identity;
  }
}

/** Protection once stated holds until a person lifts it: a sender that leaves the flag out may not undo it (DEC-23). */
class StatedProtection {
  readonly #ofPerson: Said<Protection>[] = [];
  readonly #ofVisit: Said<Protection>[] = [];
  /** The latest lifting, and the latest that is also of this visit alone. */
  readonly #lifted = new Latest<Place>();
  readonly #visitLifted = new Latest<Place>();
  /** The latest wish of a sender that it be deleted: the event, and where that stands. */
  readonly #deleted = new Latest<{ readonly by: string; readonly place: Place }>();

  take({ patient, encounter, beside, eventId }: StayEvent, place: Place): void {
    if (patient.protection) insert(this.#ofPerson, { value: patient.protection, place });
    if (encounter.protection) insert(this.#ofVisit, { value: encounter.protection, place });
    if (beside?.lifted) this.#lifted.take(place, place);
    if (beside?.lifted?.ofVisit) this.#visitLifted.take(place, place);
    if (patient.protectionDeleted) this.#deleted.take({ by: eventId, place }, place);
  }

  now(): Pick<Snapshot, 'protection' | 'protectionDeletedBy'> {
    const ofPerson = heldSince(this.#lifted.value, this.#ofPerson);
    const protection = strictest(ofPerson, heldSince(this.#visitLifted.value, this.#ofVisit));
    const deleted = this.#deleted.value;
    const lifted = this.#lifted.value;
    const isDeleted = deleted && (!lifted || comparePlaces(lifted, deleted.place) <= 0);
    return { ...(protection && { protection }), ...(isDeleted && { protectionDeletedBy: deleted.by }) };
  }
}

/** The first kind that is known, of those stated since the lifting. */
function heldSince(lifted: Place | undefined, stated: readonly Said<Protection>[]): Protection | undefined {
  let held: Protection | undefined;
  // From the lifting on, not from the beginning: what lies before it may be as long as the stay.
  const from = lifted ? stated.findLastIndex(({ place }) => comparePlaces(place, lifted) < 0) + 1 : 0;
  for (let index = from; index < stated.length && (held === undefined || held === 'unknown'); index++)
    held = strictest(held, stated[index]?.value);
  return held;
}

/** Every field of a person but for the identities, by name: a loop over names that stand here is three times as fast as one over what is there. */
const PATIENT_FIELDS = Object.keys({
  name: true,
  birthDate: true,
  deceased: true,
  deceasedAt: true,
  address: true,
  stayingIn: true,
  listedClinic: true,
  protection: true,
  protectionDeleted: true,
} satisfies Record<Exclude<keyof PatientStatement, 'identities'>, true>) as Exclude<
  keyof PatientStatement,
  'identities'
>[];
